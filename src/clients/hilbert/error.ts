/**
 * The errors of a heartbeat server's clients.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { ClientError } from "../../core/client_error.ts";
import { ExchangeError, type ExchangeFailure } from "../../net/http/client.ts";
import { hostAndPort } from "../../wire/url/place.ts";
import { nobodyThere } from "../nobody_there.ts";

/**
 * Why a call failed: the server address or an argument is wrong (`settings`), the server answered
 * with a status other than 200 (`status`), or there was no reply: nobody listens (`refused`), the
 * host cannot be found (`unreachable`), it took too long (`timeout`), the caller gave up
 * (`aborted`), the connection ended early (`dropped`), or the reply was not HTTP (`protocol`).
 */
export type HilbertFailure = ExchangeFailure | "settings" | "status";

/**
 * A call to a heartbeat server failed; `kind` says why, `cause` holds the underlying error.
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
export class HilbertError extends ClientError<HilbertFailure> {
  /** Always `HilbertError`. */
  override readonly name = "HilbertError";
  /** HTTP status of the reply, if there was one. */
  readonly status: number | undefined;

  /**
   * Makes an error.
   *
   * @param kind Why it failed.
   * @param message The reason as a sentence.
   * @param options The underlying error, and the HTTP status of the reply.
   */
  constructor(
    kind: HilbertFailure,
    message: string,
    options: { readonly cause?: unknown; readonly status?: number } = {},
  ) {
    super(kind, message, options);
    this.status = options.status;
  }
}

/** Converts an error of HTTP into an error of this client. */
export function toHilbertError(error: unknown): HilbertError {
  if (error instanceof HilbertError) return error;
  const kind = error instanceof ExchangeError ? error.kind : "unreachable";
  return new HilbertError(kind, messageOf(error), { cause: error });
}

/** Rejects with {@linkcode toHilbertError}; if nothing answers, the message says what to check. */
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

/** Whether a failure says nothing about whether the server is there. */
export function isIndecisive({ kind }: HilbertError): boolean {
  return kind === "settings" || kind === "status" || kind === "aborted";
}
