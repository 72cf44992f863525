/**
 * What a proxy in front of the console says about a request.
 *
 * Whoever reaches the console without a proxy can say it too: so none of it gives a right.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";

/** The longest path below which a proxy may show the console. */
const PREFIX_LENGTH_MAX = 256;
/** Segments without escapes, and none that is only dots. */
const PREFIX = /^(?:\/(?!\.+(?:\/|$))[A-Za-z0-9._~-]+)+$/;

/** The path below which a proxy shows the console, such as `/pulse`; empty if it does not say. */
export function forwardedPrefix(headers: Headers): string {
  const text = (headers.get("x-forwarded-prefix") ?? "").replace(/\/$/, "");
  return text.length <= PREFIX_LENGTH_MAX && PREFIX.test(text) ? text : "";
}

/** How the browser speaks, as far as this host or its proxy knows. */
export function forwardedTransport(headers: Headers, own: "http" | "https"): "http" | "https" {
  return headers.get("x-forwarded-proto")?.trim().toLowerCase() === "https" ? "https" : own;
}

/** Whether a proxy says that it asks for somebody who is not on this machine. */
export function isForwardedFromAfar(headers: Headers): boolean {
  const list = [headers.get("x-forwarded-for"), headers.get("x-real-ip")]
    .flatMap((text) => text?.split(",") ?? []);
  return list.some((address) => !isLoopback(address.trim()));
}

/**
 * Where to go within the console. Relative, unless the proxy says below which path it shows it:
 * then it works from an address without the slash too.
 *
 * @param path Relative to the console's root, such as `login`; empty for the page.
 */
export function placeWithin(headers: Headers, path: string): string {
  const prefix = forwardedPrefix(headers);
  if (prefix !== "") return `${prefix}/${path}`;
  return path === "" ? "./" : path;
}
