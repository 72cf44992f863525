/**
 * Who has logged in with a browser.
 *
 * @module
 */

import { HOUR_MS } from "../core/clock.ts";
import type { Right } from "./tokens.ts";

/** How long a login lasts, in milliseconds. */
export const SESSION_MS: number = 12 * HOUR_MS;
/** Logins at a time; the oldest makes room. */
export const SESSIONS_MAX = 1_000;

const IDENTITY_BYTES = 32;
const COOKIE = "pulsebox_session";

interface Session {
  readonly right: Right;
  readonly endsAt: number;
}

/** Logins, by the identity in their cookie. They end with the program. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Number of logins that are remembered. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Begins one; the cookie's value is its identity. */
  begin(right: Right, now: number): string {
    const identity = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES)).toHex();
    this.#sessions.set(identity, { right, endsAt: now + SESSION_MS });
    if (this.#sessions.size > SESSIONS_MAX) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return identity;
  }

  /** What the cookie of a request allows. */
  rightOf(cookies: string | null, now: number): Right | undefined {
    const identity = identityIn(cookies);
    const session = identity === undefined ? undefined : this.#sessions.get(identity);
    if (identity === undefined || session === undefined) return undefined;
    if (now < session.endsAt) return session.right;
    this.#sessions.delete(identity);
    return undefined;
  }

  /** Ends the one of a cookie. */
  end(cookies: string | null): void {
    const identity = identityIn(cookies);
    if (identity !== undefined) this.#sessions.delete(identity);
  }

  /** Ends all: the tokens have changed. */
  clear(): void {
    this.#sessions.clear();
  }
}

/** The header that gives a browser its cookie, or takes it away if there is no identity. */
export function cookieOf(identity: string | undefined, transport: "http" | "https"): string {
  const secure = transport === "https" ? "; Secure" : "";
  const age = identity === undefined ? 0 : SESSION_MS / 1000;
  return `${COOKIE}=${identity ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

function identityIn(cookies: string | null): string | undefined {
  for (const cookie of (cookies ?? "").split(";")) {
    const [name, value] = cookie.trim().split("=", 2);
    if (name === COOKIE && value !== undefined && value !== "") return value;
  }
  return undefined;
}
