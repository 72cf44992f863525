/**
 * Network addresses as text.
 *
 * @module
 */

export { hostAndPort } from "../wire/url/place.ts";

/** One end of a connection. */
export interface Peer {
  /** IP address as text; an IPv4 address never in IPv6 form. */
  readonly hostname: string;
  /** Port, 0 to 65 535. */
  readonly port: number;
}

const MAPPED_PREFIX = "::ffff:";

/**
 * Turns an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), with which a listener on `::` shows
 * an IPv4 peer, into the IPv4 address. Any other text is returned unchanged.
 */
export function plainAddress(hostname: string): string {
  if (!hostname.startsWith(MAPPED_PREFIX)) return hostname;
  const rest = hostname.slice(MAPPED_PREFIX.length);
  if (rest.includes(".")) return rest;
  const groups = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(rest);
  if (groups === null) return hostname;
  const high = Number.parseInt(groups[1] as string, 16);
  const low = Number.parseInt(groups[2] as string, 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Whether an address names only this machine: `127.0.0.0/8`, `::1`, `localhost`. */
export function isLoopback(hostname: string): boolean {
  const plain = plainAddress(hostname);
  return plain === "::1" || plain === "localhost" || /^127\.\d+\.\d+\.\d+$/.test(plain);
}
