/**
 * `HB_URL` as the Hilbert heartbeat server takes it: one name for host and port.
 *
 * @module
 */

import { parseHost, parsePlace } from "../wire/url/place.ts";

/** Host and port of an `HB_URL`, as texts. */
export interface HilbertUrl {
  readonly host: string;
  readonly port: string;
}

/**
 * Reads `HB_URL`: scheme `http` or `https`, host and explicit port; any user name and path is
 * ignored. A returned string is a sentence about the mistake, for instance that `HB_HOST` or
 * `HB_PORT` is set and contradicts it.
 */
export function readHilbertUrl(
  text: string,
  others: { readonly host: string | undefined; readonly port: string | undefined },
): HilbertUrl | string {
  const place = parsePlace(text.replace(/^([a-z]+:\/\/)[^/?#@]*@/i, "$1"));
  if (typeof place === "string") return `HB_URL is "${text}": ${place}`;
  if (!/^https?$/.test(place.scheme ?? "")) {
    return `HB_URL is "${text}": must be http://HOST:PORT`;
  }
  const { hostname, port } = place;
  if (port === undefined) return `HB_URL is "${text}": has no port, must be http://HOST:PORT`;
  if (others.host !== undefined && parseHost(others.host) !== hostname) {
    return `HB_HOST is "${others.host}": must be the host of HB_URL, "${hostname}"`;
  }
  if (others.port !== undefined && !sameNumber(others.port, port)) {
    return `HB_PORT is "${others.port}": must be the port of HB_URL, ${port}`;
  }
  return { host: hostname, port: String(port) };
}

function sameNumber(text: string, number: number): boolean {
  return /^\d+$/.test(text) && Number(text) === number;
}
