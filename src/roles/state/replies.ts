/**
 * Replies of the game server: JSON that pages of any origin can read, because another host serves
 * the operators' dashboard.
 *
 * @module
 */

import { UPGRADE_REQUIRED } from "../../net/zmq/upgrade.ts";
import type { MlfProblem } from "../../wire/mlf/fields.ts";
import { UPGRADE_REQUIRED_FIELDS } from "../../wire/websocket/upgrade.ts";
import type { GameRefusal } from "./guard.ts";

type Headers = Readonly<Record<string, string>>;

/** Fields of every reply on the port. */
export const GAME_HEADERS: Headers = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, X-Calibration, Retry-After",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/** A reply with a body: a value, or bytes that are JSON already. */
export function json(
  status: number,
  body: unknown,
  headers: Headers = {},
): Response {
  const bytes = body instanceof Uint8Array ? body as Uint8Array<ArrayBuffer> : JSON.stringify(body);
  return new Response(bytes, {
    status,
    headers: { ...GAME_HEADERS, "Content-Type": "application/json; charset=utf-8", ...headers },
  });
}

/** A reply without a body. */
export function empty(status: number, headers: Headers = {}): Response {
  return new Response(null, { status, headers: { ...GAME_HEADERS, ...headers } });
}

/** Refuses a call in one sentence. */
export function failed(status: number, detail: string, headers: Headers = {}): Response {
  return json(status, { detail }, headers);
}

/** Refuses a call that cannot be read. */
export function refused(detail: readonly MlfProblem[]): Response {
  return json(422, { detail });
}

/** Refuses somebody; with status 401, RFC 9110 section 11.6.1 wants to be told what would help. */
export function forbidden({ status, detail }: GameRefusal): Response {
  return failed(
    status,
    detail,
    status === 401 ? { "WWW-Authenticate": 'Bearer realm="Pulsebox"' } : {},
  );
}

/** Refuses a visitor of a door for WebSocket who does not ask to upgrade. */
export function upgradeRequired(): Response {
  return failed(426, UPGRADE_REQUIRED, UPGRADE_REQUIRED_FIELDS);
}

/** Refuses a method. */
export function wrongMethod(allowed: "GET" | "POST"): Response {
  return failed(405, "Method Not Allowed", { "Allow": allOf(allowed) });
}

/** Answers a browser's preflight: pages of any origin may call. */
export function preflight(allowed: "GET" | "POST"): Response {
  return empty(204, {
    "Access-Control-Allow-Methods": allOf(allowed),
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
  });
}

function allOf(allowed: "GET" | "POST"): string {
  return allowed === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
}
