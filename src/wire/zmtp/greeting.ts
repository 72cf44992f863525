/**
 * The first 64 bytes of each side of a ZMTP connection (RFC 37; zws.md section 6.1).
 *
 * @module
 */

/** Length of a greeting in bytes. */
export const GREETING_BYTES = 64;

const SIGNATURE_START = 0xff;
const SIGNATURE_END_AT = 9;
const SIGNATURE_END = 0x7f;
const MAJOR_AT = 10;
const MINOR_AT = 11;
const MECHANISM_AT = 12;
const MECHANISM_BYTES = 20;
const SERVER_AT = 32;
const MAJOR = 3;
const MINOR = 1;

/** What a greeting says. */
export interface Greeting {
  /** Such as `NULL`; up to 20 characters. */
  readonly mechanism: string;
  /** Minor version; SUBSCRIBE and CANCEL exist from 1 on. */
  readonly minor: number;
}

/**
 * Writes the greeting of ZMTP 3.1.
 *
 * @param mechanism Name of the mechanism.
 * @param side Whether this end checks credentials (the server) or not.
 */
export function encodeGreeting(mechanism: string, side: "client" | "server"): Uint8Array {
  const greeting = new Uint8Array(GREETING_BYTES);
  greeting[0] = SIGNATURE_START;
  greeting[SIGNATURE_END_AT] = SIGNATURE_END;
  greeting[MAJOR_AT] = MAJOR;
  greeting[MINOR_AT] = MINOR;
  new TextEncoder().encodeInto(mechanism, greeting.subarray(MECHANISM_AT, SERVER_AT));
  greeting[SERVER_AT] = side === "server" && mechanism !== "NULL" ? 1 : 0;
  return greeting;
}

/**
 * Says what is wrong with a greeting, as early as possible; undefined if nothing is.
 *
 * @param bytes The part of the greeting that has arrived.
 */
export function greetingFault(bytes: Uint8Array): string | undefined {
  if (bytes.length > 0 && bytes[0] !== SIGNATURE_START) {
    return "Cannot connect: greeting has no ZMTP signature";
  }
  // Older versions put no padding here; the lowest bit distinguishes them.
  if (bytes.length > SIGNATURE_END_AT && ((bytes[SIGNATURE_END_AT] as number) & 1) === 0) {
    return "Cannot connect: greeting has no ZMTP signature";
  }
  if (bytes.length > MAJOR_AT && (bytes[MAJOR_AT] as number) < MAJOR) {
    return `Cannot connect: peer speaks ZMTP ${bytes[MAJOR_AT]}, must be 3`;
  }
  return undefined;
}

/** Reads a complete and correct greeting. */
export function parseGreeting(bytes: Uint8Array): Greeting {
  let mechanism = "";
  for (const byte of bytes.subarray(MECHANISM_AT, MECHANISM_AT + MECHANISM_BYTES)) {
    if (byte === 0) break;
    mechanism += String.fromCharCode(byte);
  }
  // Answer a later major version as 3.1, which it has to support.
  const minor = bytes[MAJOR_AT] === MAJOR ? bytes[MINOR_AT] as number : MINOR;
  return { mechanism, minor };
}
