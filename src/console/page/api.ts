/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Requests to the host's API.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { visibleLines } from "../../core/visible.ts";
import type { Child } from "./dom.ts";
import { english, text } from "./say.ts";

const HTTP_UNAUTHORIZED = 401;

/**
 * The API's path for something about a member. Relative, like every URL of the page, because a
 * proxy may show the console below a path. The identity is in the query: proxies would split it at
 * its slash.
 *
 * @param part For instance `/pause`; may be followed by a query such as `?days=7`.
 */
export function memberPath(id: string, part: string): string {
  return withId(`api/v1/members${part}`, id);
}

/** Adds an identity to a path. */
export function withId(path: string, id: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}id=${encodeURIComponent(id)}`;
}

/** Gets JSON. */
export function get<T>(path: string): Promise<T> {
  return ask(path, {});
}

/** Sends an order. */
export function post<T>(path: string, body: object = {}): Promise<T> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Sends an order; if it fails, the page shows why. */
export async function order(path: string, body: object = {}): Promise<boolean> {
  try {
    await post(path, body);
    return true;
  } catch (error) {
    complainOf(error);
    return false;
  }
}

/** Deletes something. */
export async function remove(path: string): Promise<void> {
  await ask(path, { method: "DELETE" });
}

/** Sends an order about several members; the page shows which were refused. */
export async function orderMany(path: string, body: object): Promise<void> {
  const { refused } = await post<{ refused: { detail: string }[] }>(path, body);
  if (refused.length > 0) {
    complainOf(new HostProblem(refused.map(({ detail }) => detail).join("; ")));
  }
}

/** What the host says against a request, in English. */
class HostProblem extends Error {
  override readonly name = "HostProblem";
}

/** What went wrong, in words of the page; what the host said about it is marked as English. */
export function faultWords(error: unknown): Child[] {
  if (error instanceof HostProblem) return [english(error.message)];
  const words = visibleLines(messageOf(error));
  return error instanceof Error && error.cause !== undefined
    ? [words, ...faultWords(error.cause)]
    : [words];
}

/** Shows the failure of an action that nobody awaits, until somebody closes it or the next one. */
export function complainOf(error: unknown): void {
  const place = document.getElementById("complaint");
  if (place === null) return;
  place.replaceChildren("✖ ", ...faultWords(error));
  place.hidden = false;
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  // The session has ended: the page asks for a token again.
  if (response.status === HTTP_UNAUTHORIZED) location.assign(`login${location.search}`);
  const content = await response.json();
  if (!response.ok) {
    if (content.detail !== undefined) throw new HostProblem(content.detail);
    throw new Error(text("fault.status", { status: response.status }));
  }
  return content;
}
