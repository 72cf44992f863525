/**
 * Why a request got no reply.
 *
 * @module
 */

/**
 * Why there is no reply: nobody listens (`refused`), the host cannot be found or reached
 * (`unreachable`), it took too long (`timeout`), the caller gave up (`aborted`), the connection
 * ended early (`dropped`), or the reply was not HTTP (`protocol`).
 */
export type ExchangeFailure =
  | "refused"
  | "unreachable"
  | "timeout"
  | "aborted"
  | "dropped"
  | "protocol";

/** No reply; `kind` says why, and `cause` holds the system's error, if any. */
export class ExchangeError extends Error {
  override readonly name = "ExchangeError";
  readonly kind: ExchangeFailure;

  constructor(kind: ExchangeFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Classifies an error of the system. */
export function failureOf(error: unknown): ExchangeFailure {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  const dropped = error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.UnexpectedEof;
  return dropped ? "dropped" : "unreachable";
}
