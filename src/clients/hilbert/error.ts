/**
 * How calls of a heartbeat server fail.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { ExchangeError, type ExchangeFailure } from "../../net/http/client.ts";
import { hostAndPort } from "../../wire/url/place.ts";
import { nobodyThere } from "../nobody_there.ts";

/**
 * Why a call failed: the server address or an argument is wrong (`settings`), the server answered
 * with a status other than 200 (`status`), or there was no reply: nobody listens (`refused`), the
 * host cannot be found (`unreachable`), it took too long (`timeout`), the caller gave up
 * (`aborted`), the connection ended early (`dropped`), what came is not HTTP (`protocol`).
 */
export type HilbertFailure = ExchangeFailure | "settings" | "status";

/**
 * A call of a heartbeat server failed; `kind` says why, `cause` holds the error underneath.
 *
 * @example
 * ```ts
 * import { HilbertClient, HilbertError } from "@pulsebox/pulsebox";
 *
 * try {
 *   await new HilbertClient({ port: 1 }).ping(5_000);
 * } catch (error) {
 *   if (error instanceof HilbertError) console.log(error.kind); // refused
 * }
 * ```
 */
export class HilbertError extends Error {
  /** Always `HilbertError`. */
  override readonly name = "HilbertError";
  /** Why the call failed. */
  readonly kind: HilbertFailure;
  /** HTTP status of the reply, if there was one. */
  readonly status: number | undefined;

  /**
   * Makes an error.
   *
   * @param kind Why it failed.
   * @param message The same as a sentence.
   * @param options The error underneath, and the HTTP status of the reply.
   */
  constructor(
    kind: HilbertFailure,
    message: string,
    options: { cause?: unknown; status?: number } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.status = options.status;
  }
}

/** The same error in the words of this client. */
export function toHilbertError(error: unknown): HilbertError {
  if (error instanceof HilbertError) return error;
  const message = messageOf(error);
  const kind = error instanceof ExchangeError ? error.kind : "unreachable";
  return new HilbertError(kind, message, { cause: error });
}

/** Rejects as {@linkcode toHilbertError} says; of a server that is not there with what to look at. */
export function rejectReply(
  error: unknown,
  place: { readonly hostname: string; readonly port: number },
): never {
  if (!(error instanceof ExchangeError) || error.kind !== "refused") throw toHilbertError(error);
  const reason = nobodyThere(place.hostname, "--heartbeat-host");
  throw new HilbertError("refused", `Cannot reach ${hostAndPort(place)}: ${reason}`, {
    cause: error,
  });
}
