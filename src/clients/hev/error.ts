/**
 * The errors of a HEV server's clients.
 *
 * @module
 */

import { ClientError } from "../../core/client_error.ts";

/**
 * Why there are no values or no reply: nobody listens (`refused`), the host cannot be found or
 * reached (`unreachable`), nothing arrived for too long (`timeout`), the connection ended
 * (`dropped`), the reply is not JSON (`protocol`), or the client was closed (`closed`).
 */
export type HevFailure =
  | "refused"
  | "unreachable"
  | "timeout"
  | "dropped"
  | "protocol"
  | "closed";

/**
 * The connection to a HEV server failed, or a request got no reply; `kind` says why, `cause` holds
 * the underlying error.
 *
 * @example
 * ```ts
 * import { HevClient, HevError } from "@pulsebox/pulsebox";
 *
 * await using client = new HevClient({ port: 1, queryPort: 1 });
 * try {
 *   await client.sendCmd("GENERAL", "START");
 * } catch (error) {
 *   if (error instanceof HevError) console.log(error.kind); // refused
 * }
 * ```
 */
export class HevError extends ClientError<HevFailure> {
  /** Always `HevError`. */
  override readonly name = "HevError";
}

/** Classifies the system's error when a connection could not be made. */
export function failureOf(error: unknown): "refused" | "unreachable" {
  return error instanceof Deno.errors.ConnectionRefused ? "refused" : "unreachable";
}
