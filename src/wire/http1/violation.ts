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
  /** Tells it from other events. */
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

/** Writes a byte for a message: `0x0d`. */
export function byteName(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
