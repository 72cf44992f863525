/**
 * What a peer did wrong, as a value.
 *
 * @module
 */

/**
 * A request that is not answered otherwise than with an error status, after which the connection
 * ends: where the next request would begin is no longer known.
 */
export interface Violation {
  /** The kind of this event. */
  readonly kind: "violation";
  /** HTTP status code that the peer gets, 400 to 505. */
  readonly status: number;
  /** One plain sentence that names the fault; it quotes no bytes of the peer. */
  readonly message: string;
}

/** Makes a {@linkcode Violation}. */
export function violation(status: number, message: string): Violation {
  return { kind: "violation", status, message };
}

/**
 * How strictly heads are read. `hand-made` takes what people write with `printf` and netcat, too: lines
 * that end in a bare line feed, and several blanks in the request line. Such a head is taken only where
 * no body follows, and nothing after it: two readers could not understand it differently.
 */
export type HeadSyntax = "strict" | "hand-made";

/** Writes a byte for a message: `0x0d`. */
export function byteName(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
