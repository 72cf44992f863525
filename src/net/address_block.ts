/**
 * Whose address it is, as far as limits are concerned.
 *
 * @module
 */

import { parseAddress } from "../core/cidr.ts";

/** What one subscriber of IPv6 has at least, in bytes: 64 bits (RFC 6177). */
const BLOCK_BYTES = 8;

/**
 * Names the block of addresses that one peer can use at will: an address of IPv4 alone, the /64 of an
 * address of IPv6, in which anybody can take as many addresses as there are. Link-local addresses are
 * one each, since all neighbours share that block.
 *
 * @param hostname An IP address; other text is its own block.
 */
export function addressBlock(hostname: string): string {
  // An address of IPv4 has no colon; most peers have one, and this is asked for each connection.
  if (!hostname.includes(":")) return hostname;
  const bytes = parseAddress(hostname);
  if (bytes === undefined || bytes.length === 4) return hostname;
  const isLinkLocal = bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
  return isLinkLocal ? hostname : `${bytes.subarray(0, BLOCK_BYTES).toHex()}/64`;
}
