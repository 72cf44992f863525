/**
 * How a heartbeat server names an application.
 *
 * @module
 */

/** Bytes of an application's name in UTF-8. */
export const NAME_BYTES_MAX = 512;

const SEPARATOR = " @ ";
const ENCODER = new TextEncoder();
/** An identity in its two parts. */
export interface HilbertIdentity {
  /** What the application calls itself; may be empty. */
  readonly name: string;
  /** The address it was heard from, in text form without port. */
  readonly address: string;
}

/**
 * Joins a name and an address.
 *
 * @example
 * ```ts
 * import { formatIdentity } from "@pulsebox/pulsebox";
 *
 * console.log(formatIdentity("tetris", "127.0.0.1")); // tetris @ 127.0.0.1
 * ```
 */
export function formatIdentity(name: string, address: string): string {
  return name + SEPARATOR + address;
}

/**
 * Splits an identity at its last separator, because a name may contain one too.
 *
 * @return `undefined` if there is no separator, or no address after it.
 *
 * @example
 * ```ts
 * import { parseIdentity } from "@pulsebox/pulsebox";
 *
 * console.log(parseIdentity("tetris @ 127.0.0.1")?.name); // tetris
 * ```
 */
export function parseIdentity(text: string): HilbertIdentity | undefined {
  const at = text.lastIndexOf(SEPARATOR);
  const address = at < 0 ? "" : text.slice(at + SEPARATOR.length);
  return address === "" ? undefined : { name: text.slice(0, at), address };
}

/** Whether a name can be taken: at most {@linkcode NAME_BYTES_MAX} bytes, no control characters. */
export function isValidName(name: string): boolean {
  // A code unit takes at most three bytes, so most names need not be encoded to be measured.
  if (name.length > NAME_BYTES_MAX) return false;
  if (name.length * 3 > NAME_BYTES_MAX && ENCODER.encode(name).length > NAME_BYTES_MAX) {
    return false;
  }
  for (let index = 0; index < name.length; index++) {
    if (isControl(name.charCodeAt(index))) return false;
  }
  return true;
}

/** C0, DEL and C1: a line feed would forge lines of the list, an escape would drive a terminal. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
