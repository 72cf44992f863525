/**
 * The errors of a wake-up service's clients.
 *
 * @module
 */

import { ClientError } from "../../core/client_error.ts";

/**
 * Why there are no pings: the service's name or address cannot be found or sent to (`unreachable`),
 * none arrived for `silenceMs` (`timeout`), or the local address is gone (`local`).
 */
export type TriggerFailure = "unreachable" | "timeout" | "local";

/** A registration could not be sent, or no ping arrives; `kind` says why. */
export class TriggerError extends ClientError<TriggerFailure> {
  /** Always `TriggerError`. */
  override readonly name = "TriggerError";
}
