/**
 * The cookie that identifies a browser's session.
 *
 * @module
 */

import { SESSION_MS } from "./sessions.ts";

/** Whose cookie it is. */
export interface CookiePlace {
  /** The cookie's name. */
  readonly name: string;
  /** The path below which a proxy shows this console; empty for the root. */
  readonly prefix: string;
  readonly transport: "http" | "https";
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The name of a host's cookie. A browser sends a cookie to all ports of a host name, so two hosts
 * that used the same cookie name would log each other out.
 *
 * @param place The host's name and port, which distinguish it from its neighbours.
 */
export function cookieName(place: string): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(place)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return `pulsebox_session_${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

/** Prefix in the cookie of a session that does not end; its token follows. */
const WALL_PREFIX = "wall.";
/** The longest time that browsers keep a cookie, in seconds; each visit restarts it. */
const WALL_SECONDS = 34_560_000;

/**
 * The cookie's value for a token whose session does not end. The host need not remember such a
 * session as long: it is valid while its token is in the token file.
 */
export function wallIdentity(token: string): string {
  return WALL_PREFIX + encodeURIComponent(token);
}

/** The token in such a cookie's value; `undefined` for any other session. */
export function wallTokenOf(identity: string): string | undefined {
  if (!identity.startsWith(WALL_PREFIX)) return undefined;
  try {
    return decodeURIComponent(identity.slice(WALL_PREFIX.length));
  } catch {
    // The value may be anything that somebody typed.
    return undefined;
  }
}

/** The header that sets a browser's cookie, or deletes it if there is no identity. */
export function writeCookie(identity: string | undefined, place: CookiePlace): string {
  const secure = place.transport === "https" ? "; Secure" : "";
  const age = identity === undefined
    ? 0
    : identity.startsWith(WALL_PREFIX)
    ? WALL_SECONDS
    : SESSION_MS / 1000;
  return `${place.name}=${identity ?? ""}; Path=${place.prefix}/; Max-Age=${age}; ` +
    `HttpOnly; SameSite=Strict${secure}`;
}

/** The cookie of that name in a request header. */
export function readCookie(cookies: string | null, wanted: string): string | undefined {
  for (const cookie of (cookies ?? "").split(";")) {
    const [name, value] = cookie.trim().split("=", 2);
    if (name === wanted && value !== undefined && value !== "") return value;
  }
  return undefined;
}
