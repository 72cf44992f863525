/**
 * `HB_URL` of the Hilbert heartbeat server: one variable for host and port.
 *
 * @module
 */

import { parseHost, parsePlace } from "../../wire/url/place.ts";
import type { UrlParts, UrlVariable } from "./option.ts";

/** `HB_URL`; nothing else may contradict it. */
export const HILBERT_URL: UrlVariable = {
  name: "HB_URL",
  besides: { host: "HB_HOST", port: "HB_PORT" },
  read: readHilbertUrl,
};

/** Scheme `http` or `https`, host and explicit port; any user name and path is ignored. */
function readHilbertUrl(
  text: string,
  others: { readonly host: string | undefined; readonly port: string | undefined },
): UrlParts | string {
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
