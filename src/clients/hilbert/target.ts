/**
 * What stands in the targets of requests to a heartbeat server.
 *
 * @module
 */

import { formatLostAfter, parseLostAfter } from "../../core/lost_after.ts";

/** Makes every character of a name part of the name, `&`, `#` and blanks included. */
export function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/** Escapes what a request line cannot carry; escapes, well formed or not, stay as they are. */
export function encodeTarget(text: string): string {
  const target = text.toWellFormed().replace(/[^!-~]+|#/g, encodeURIComponent);
  return target.startsWith("/") ? target : `/${target}`;
}

/** A path that follows the path of a URL, with one slash between the two. */
export function joinPath(base: string, path: string): string {
  return path.startsWith("/") ? base.replace(/\/+$/, "") + path : base + path;
}

/** Keeps caches between the two from answering in place of the server. */
export function cacheBuster(): string {
  return `cache_buster=${(Date.now() / 1_000).toFixed(3)}`;
}

/** Tells of a failure: the path of the request, and why. */
export function failurePath(appId: string, reason: string): string {
  const query = `0&appid=${encodeName(appId)}&reason=${encodeName(reason)}`;
  return `/hb_fail?${query}&${cacheBuster()}`;
}

/**
 * What a heartbeat adds to its query to say when the application is lost; nothing if it does not.
 *
 * @throws {RangeError} if the text is neither a multiple nor milliseconds.
 */
export function lostAfterQuery(text: string | undefined): string {
  if (text === undefined) return "";
  const lostAfter = parseLostAfter(text);
  if (lostAfter !== undefined) return `&lost_after=${formatLostAfter(lostAfter)}`;
  throw new RangeError(
    `Cannot make heartbeat client: lostAfter is "${text}", must be a multiple such as 2x or ` +
      "milliseconds",
  );
}

/** Fields as the body of a form. */
export function formBody(data: Readonly<Record<string, string>>): { type: string; text: string } {
  return {
    type: "application/x-www-form-urlencoded",
    text: new URLSearchParams(data).toString(),
  };
}
