/**
 * The errors of ZeroMQ sockets.
 *
 * @module
 */

import { ClientError } from "../../core/client_error.ts";
import type { CloseReason } from "../tcp/connection_limits.ts";

/**
 * Why a socket has no connection or a request no reply: nobody listens (`refused`), the host cannot
 * be found or reached (`unreachable`), the peer does not speak ZeroMQ or refused us by its rules
 * (`protocol`), it took too long (`timeout`), the caller gave up (`aborted`), the connection ended
 * (`dropped`), or the socket was closed (`closed`).
 */
export type ZmqFailure =
  | "refused"
  | "unreachable"
  | "protocol"
  | "timeout"
  | "aborted"
  | "dropped"
  | "closed";

/**
 * A socket has no connection, or a request got no reply; `kind` says why.
 *
 * @example
 * ```ts
 * import { ZmqError, ZmqReq } from "@pulsebox/pulsebox";
 *
 * await using req = new ZmqReq("tcp://127.0.0.1:1");
 * try {
 *   await req.request(["hello"], { timeoutMs: 50 });
 * } catch (error) {
 *   if (error instanceof ZmqError) console.log(error.kind); // timeout
 * }
 * ```
 */
export class ZmqError extends ClientError<ZmqFailure> {
  /** Always `ZmqError`. */
  override readonly name = "ZmqError";
}

/** The kind of error for a connection that ended. */
export function endKind(reason: CloseReason | undefined): "timeout" | "dropped" {
  switch (reason) {
    case "opening-timeout":
    case "idle-timeout":
    case "busy-timeout":
    case "write-stalled":
    case "queue-full":
      return "timeout";
    default:
      return "dropped";
  }
}

/** The kind of error for a connection that could not be made. */
export function failureOf(error: unknown): ZmqFailure {
  if (error instanceof ZmqError) return error.kind;
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  return error instanceof DOMException && error.name === "AbortError" ? "timeout" : "unreachable";
}
