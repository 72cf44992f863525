/**
 * Groups addresses into blocks, to which limits by peer apply.
 *
 * @module
 */

import { parseAddress } from "./cidr.ts";

/** Length of the prefix of one IPv6 subscriber, in bytes: 64 bits (RFC 6177). */
const BLOCK_BYTES = 8;

/**
 * Names the block of addresses that one peer can use at will: a single IPv4 address, or the /64 of
 * an IPv6 address, in which a subscriber can take any address. A link-local address is its own
 * block, since all neighbours share that /64.
 *
 * @param hostname An IP address; other text is its own block.
 */
export function addressBlock(hostname: string): string {
  // Fast path: most peers have an IPv4 address, which contains no colon.
  if (!hostname.includes(":")) return hostname;
  const bytes = parseAddress(hostname);
  if (bytes === undefined || bytes.length === 4) return hostname;
  const isLinkLocal = bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
  return isLinkLocal ? hostname : `${bytes.subarray(0, BLOCK_BYTES).toHex()}/64`;
}
