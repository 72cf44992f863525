/**
 * Internet addresses as numbers, and blocks of them (RFC 4632, RFC 4291).
 *
 * @module
 */

/** An address in network order: 4 bytes for IPv4, 16 for IPv6. */
export type AddressBytes = Uint8Array;

/** A block of addresses: those that begin with the same bits. */
export interface Cidr {
  /** The first address of the block. */
  readonly bytes: AddressBytes;
  /** Length of the common prefix, 0 to 32 or 0 to 128 bits. */
  readonly prefixBits: number;
}

const BITS_PER_BYTE = 8;
const IPV6_GROUPS = 8;

/**
 * Reads an IPv4 address in its strict form: four decimal numbers without leading zeros.
 *
 * @return The address as a whole number, 0 to 2^32 - 1, or `undefined`.
 */
export function parseIpv4(text: string): number | undefined {
  let address = 0;
  let part: number | undefined;
  let parts = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? 46 : text.charCodeAt(index);
    if (code === 46) {
      if (part === undefined || ++parts > 4) return undefined;
      address = address * 256 + part;
      part = undefined;
      continue;
    }
    // Some programs read a leading zero as octal, others as decimal: refuse both.
    if (code < 48 || code > 57 || part === 0) return undefined;
    part = (part ?? 0) * 10 + code - 48;
    if (part > 255) return undefined;
  }
  return parts === 4 ? address : undefined;
}

/** Writes an IPv4 address given as a whole number, 0 to 2^32 - 1. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/**
 * Reads an IPv4 or IPv6 address. An IPv4-mapped address is read as the IPv4 address that it is, and
 * the zone of a link-local address, which follows a `%`, is ignored.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return bytesOf(ipv4);
  const [withoutZone = ""] = text.split("%");
  const bytes = parseIpv6(withoutZone);
  return bytes !== undefined && isMapped(bytes) ? bytes.subarray(12) : bytes;
}

/**
 * Reads a block: `10.0.0.0/8`, `fe80::/10`, or one address.
 *
 * @return The block, or one sentence about what is wrong.
 */
export function parseCidr(text: string): Cidr | string {
  const [address = "", prefix, ...more] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === undefined || more.length > 0) {
    return "must be an address or a block of addresses such as 10.0.0.0/8";
  }
  const bitsMax = bytes.length * BITS_PER_BYTE;
  if (prefix === undefined) return { bytes, prefixBits: bitsMax };
  const prefixBits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (!(prefixBits <= bitsMax)) return `must end in a number of bits, /0 to /${bitsMax}`;
  return { bytes, prefixBits };
}

/** Whether an address lies in a block. An IPv4 address never lies in a block of IPv6. */
export function cidrContains({ bytes, prefixBits }: Cidr, address: AddressBytes): boolean {
  if (address.length !== bytes.length) return false;
  const whole = Math.floor(prefixBits / BITS_PER_BYTE);
  for (let index = 0; index < whole; index++) if (address[index] !== bytes[index]) return false;
  const rest = prefixBits % BITS_PER_BYTE;
  if (rest === 0) return true;
  const shift = BITS_PER_BYTE - rest;
  return (address[whole] ?? 0) >> shift === (bytes[whole] ?? 0) >> shift;
}

function bytesOf(ipv4: number): AddressBytes {
  return Uint8Array.of(ipv4 >>> 24, ipv4 >>> 16, ipv4 >>> 8, ipv4);
}

/** `::ffff:0:0/96` (RFC 4291 section 2.5.5.2). */
function isMapped(bytes: AddressBytes): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 &&
    bytes[11] === 255;
}

function parseIpv6(text: string): AddressBytes | undefined {
  const halves = text.split("::");
  const isSplit = halves.length === 2;
  if (halves.length > 2 || isSplit && halves[0]?.includes(".")) return undefined;
  const [head, tail] = halves.map((half) => half === "" ? [] : parseGroups(half));
  if (head === undefined || isSplit && tail === undefined) return undefined;
  const missing = IPV6_GROUPS - head.length - (tail?.length ?? 0);
  // "::" stands for at least one group of zeros; without it nothing may be missing.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail ?? []];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups between colons; the last may be an IPv4 address, which counts for two. */
function parseGroups(text: string): number[] | undefined {
  const groups: number[] = [];
  const words = text.split(":");
  for (const [index, word] of words.entries()) {
    const ipv4 = index === words.length - 1 ? parseIpv4(word) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups.length <= IPV6_GROUPS ? groups : undefined;
}
