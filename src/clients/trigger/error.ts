/**
 * How a client of the wake-up service fails.
 *
 * @module
 */

import { ClientError } from "../../core/client_error.ts";

/**
 * Why there are no pings: the service's name or address cannot be found or sent to (`unreachable`),
 * none came for `silenceMs` (`timeout`), or the local address is gone (`local`).
 */
export type TriggerFailure = "unreachable" | "timeout" | "local";

/** A registration could not be sent, or no ping comes; `kind` says why. */
export class TriggerError extends ClientError<TriggerFailure> {
  /** Always `TriggerError`. */
  override readonly name = "TriggerError";
}
