/**
 * The targets of requests to a heartbeat server.
 *
 * @module
 */

import { formatLostAfter, parseLostAfter } from "../../core/lost_after.ts";
import { HilbertError } from "./error.ts";
import { type HilbertEndpoint, rootOf, TEMPLATE_PLACE } from "./settings.ts";

/** Encodes a name so that every character belongs to it, including `&`, `#` and blanks. */
export function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/**
 * Escapes what a request line cannot carry; existing escapes, well formed or not, stay as they are.
 */
export function encodeTarget(text: string): string {
  const target = text.toWellFormed().replace(/[^!-~]+|#/g, encodeURIComponent);
  return target.startsWith("/") ? target : `/${target}`;
}

/** Appends a path to the path of a URL, with one slash between the two. */
export function joinPath(base: string, path: string): string {
  return path.startsWith("/") ? base.replace(/\/+$/, "") + path : base + path;
}

/** Keeps caches on the way from answering instead of the server. */
export function cacheBuster(): string {
  return `cache_buster=${(Date.now() / 1_000).toFixed(3)}`;
}

/** The path that reports a failure and its reason. */
export function failurePath(appId: string, reason: string): string {
  const query = `0&appid=${encodeName(appId)}&reason=${encodeName(reason)}`;
  return `/hb_fail?${query}&${cacheBuster()}`;
}

/**
 * The query parameter that says when the application is lost; empty if there is none.
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

/** Encodes fields as a form. */
export function formBody(data: Readonly<Record<string, string>>): { type: string; text: string } {
  return {
    type: "application/x-www-form-urlencoded",
    text: new URLSearchParams(data).toString(),
  };
}

/**
 * The target of a heartbeat: its command below the URL, or the URL made from a template.
 *
 * @param delayMs The announced delay in milliseconds.
 * @param wish Additional parameters, beginning with `&`, or empty.
 * @throws {HilbertError} of kind `settings` if the delay is not a number.
 */
export function commandPlace(
  endpoint: HilbertEndpoint,
  command: "hb_init" | "hb_ping" | "hb_done",
  delayMs: number,
  appId: string,
  wish: string,
): [HilbertEndpoint, string] {
  if (!Number.isFinite(delayMs)) {
    throw new HilbertError("settings", `Cannot send ${command}: delay is ${delayMs}`);
  }
  if (endpoint.form === "commands") {
    const query = `${delayMs}&appid=${encodeName(appId)}${wish}&${cacheBuster()}`;
    return [endpoint, `/${command}?${query}`];
  }
  // A template cannot express the end; but the server of the template knows the command.
  if (command === "hb_done") {
    const container = /[?&]container=([^&]*)/.exec(endpoint.path)?.[1] ?? encodeName(appId);
    return [rootOf(endpoint), `/hb_done?${delayMs}&appid=${container}`];
  }
  const path = endpoint.path.replaceAll(TEMPLATE_PLACE, String(Math.ceil(delayMs))) + wish;
  return [{ ...endpoint, path: "" }, path];
}
