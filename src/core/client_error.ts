/**
 * What every error of the library has in common.
 *
 * @module
 */

/**
 * Something that a client tried has failed. Each client has a class of its own: `HilbertError`,
 * `GameError`, `HevError`, `TriggerError`, `ZmqError`; `ListenError` is for local addresses. `message` is one plain sentence, `kind` the
 * reason for a program, `cause` the error underneath where there is one.
 *
 * Wrong options are mistakes of the program, not failures: they throw a `TypeError` or `RangeError`.
 *
 * @typeParam Kind The reasons that this client knows.
 * @example
 * ```ts
 * import { ClientError, HilbertClient } from "@pulsebox/pulsebox";
 *
 * await using client = new HilbertClient({ port: 1 });
 * try {
 *   await client.ping(5_000);
 * } catch (error) {
 *   if (error instanceof ClientError) console.log(error.kind); // refused
 * }
 * ```
 */
export class ClientError<Kind extends string = string> extends Error {
  /** Why it failed. */
  readonly kind: Kind;

  /**
   * Makes an error.
   *
   * @param kind Why it failed.
   * @param message The same as a sentence.
   * @param options The error underneath, as `cause`.
   */
  constructor(kind: Kind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
