/**
 * Reads what a proxy in front of the console says about a request.
 *
 * A client without a proxy can claim the same, so nothing of it grants a right.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";

/** The longest path below which a proxy may show the console. */
const PREFIX_LENGTH_MAX = 256;
/** Path segments without escapes, none of them consisting of dots alone. */
const PREFIX = /^(?:\/(?!\.+(?:\/|$))[A-Za-z0-9._~-]+)+$/;

/**
 * The path below which a proxy shows the console, such as `/pulse`; empty if the proxy names none.
 */
export function forwardedPrefix(headers: Headers): string {
  const text = (headers.get("x-forwarded-prefix") ?? "").replace(/\/$/, "");
  return text.length <= PREFIX_LENGTH_MAX && PREFIX.test(text) ? text : "";
}

/** The browser's scheme, as far as this host or its proxy knows it. */
export function forwardedTransport(headers: Headers, own: "http" | "https"): "http" | "https" {
  return headers.get("x-forwarded-proto")?.trim().toLowerCase() === "https" ? "https" : own;
}

/** Fields in which proxies name the client's address. */
const ADDRESS_FIELDS: readonly string[] = [
  "x-forwarded-for",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
];

/**
 * Whether a proxy asks for a client that is, or may be, on another machine: `Via` alone (RFC 9110
 * section 7.6.3) does not say where the client is.
 */
export function isForwardedFromAfar(headers: Headers): boolean {
  const named = ADDRESS_FIELDS.flatMap((name) => headers.get(name)?.split(",") ?? []);
  const all = [...named, ...forwardedFor(headers.get("forwarded"))];
  if (all.length === 0) return headers.has("via") || headers.has("forwarded");
  return all.some((address) => !isLoopback(address.trim()));
}

/** The addresses in `Forwarded` (RFC 7239); anything else is returned unchanged. */
function forwardedFor(text: string | null): string[] {
  return [...(text ?? "").matchAll(/(?:^|[;,\s])for\s*=\s*("[^"]*"|[^;,\s]*)/gi)].map(
    ([, node = ""]) => {
      const plain = node.replaceAll('"', "");
      return /^\[([^\]]*)\]/.exec(plain)?.[1] ?? plain.replace(/:\d+$/, "");
    },
  );
}

/**
 * A redirect target within the console. It is relative, unless the proxy names its path: an
 * absolute target then also works from an address without the trailing slash.
 *
 * @param path Relative to the console's root, such as `login`; empty for the page.
 */
export function placeWithin(headers: Headers, path: string): string {
  const prefix = forwardedPrefix(headers);
  if (prefix !== "") return `${prefix}/${path}`;
  return path === "" ? "./" : path;
}
