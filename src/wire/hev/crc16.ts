/**
 * The checksum of the serial frames: CRC-16/X-25.
 *
 * @module
 */

/** The polynomial 0x1021, bits reversed: the line sends the lowest bit first. */
const POLYNOMIAL = 0x8408;

const TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/**
 * Checksum of `bytes`, 0 to 0xFFFF (initial value and final exclusive or are 0xFFFF).
 *
 * @example
 * ```ts ignore
 * crc16(new TextEncoder().encode("123456789")); // 0x906e
 * ```
 */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return crc ^ 0xffff;
}
