/**
 * The TiX wake-up protocol: a phone sends two bytes, and then gets two bytes each second.
 *
 * Source: the specification of the TiX client trigger, section 1.
 *
 * @module
 */

/** UDP port of the service. */
export const TIX_PORT = 7561;
/** Bytes of a registration and of a ping. */
export const DATAGRAM_BYTES = 2;
/**
 * Bytes that a buffer needs to tell a registration from a longer datagram: the system cuts off what
 * does not fit without a word, so that three bytes in a buffer of two would look like a registration.
 */
export const RECEIVE_BYTES = 4;

/** The number by which a phone recognises a ping, read big-endian: 30 049, the port's digits in hexadecimal. */
export const PING_WORD = 0x7561;

/** What a datagram to the service is, by its length: the content of a registration does not matter. */
export type DatagramKind = "registration" | "short" | "long";

/**
 * Classifies a datagram.
 *
 * @param bytes Its length, 0 to 65 507; anything above 2 may be cut off.
 */
export function datagramKind(bytes: number): DatagramKind {
  if (bytes === DATAGRAM_BYTES) return "registration";
  return bytes < DATAGRAM_BYTES ? "short" : "long";
}

/** The two bytes that wake a phone, `75 61`. */
export function encodePing(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(PING_WORD >> 8, PING_WORD & 0xff);
}

/**
 * The two bytes by which a phone registers, `00 00` as the app sends them. Not those of a ping, so
 * that in a capture each direction shows at once.
 */
export function encodeRegistration(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, 0);
}

/**
 * Whether a datagram wakes a phone. The app looks at the first two bytes only, and takes anything
 * else of up to 32 bytes for an answer of its time server.
 */
export function isPing(datagram: Uint8Array): boolean {
  const [high = 0, low = 0] = datagram;
  return datagram.length >= DATAGRAM_BYTES && (high << 8 | low) === PING_WORD;
}
