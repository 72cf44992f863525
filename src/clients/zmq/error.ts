/**
 * How requests fail.
 *
 * @module
 */

/**
 * Why there is no reply: it took too long (`timeout`), the caller gave up (`aborted`), the connection
 * ended before the reply came (`dropped`), or the socket was closed (`closed`).
 */
export type ZmqFailure = "timeout" | "aborted" | "dropped" | "closed";

/**
 * A request got no reply; `kind` says why.
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
export class ZmqError extends Error {
  /** Always `ZmqError`. */
  override readonly name = "ZmqError";
  /** Why there is no reply. */
  readonly kind: ZmqFailure;

  /**
   * Makes an error.
   *
   * @param kind Why it failed.
   * @param message The same as a sentence.
   * @param options What is underneath.
   */
  constructor(kind: ZmqFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
