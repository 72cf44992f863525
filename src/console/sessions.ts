/**
 * The logins of browsers.
 *
 * @module
 */

import { HOUR_MS } from "../core/clock.ts";

/** How long a login lasts, in milliseconds. */
export const SESSION_MS: number = 12 * HOUR_MS;
/**
 * The most logins with one token; above it, the token's oldest login ends, so that no token ends
 * another token's logins.
 */
export const SESSIONS_PER_TOKEN_MAX = 100;

const IDENTITY_BYTES = 32;

/** A login. */
export interface Session {
  /** The key of the token that started it. */
  readonly tokenKey: string;
  readonly endsAt: number;
}

/** The logins by the identity in their cookie. They end with the program. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Number of current logins. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Starts a login; its identity is the cookie's value. */
  begin(tokenKey: string, now: number): string {
    const ofToken: string[] = [];
    for (const [identity, session] of this.#sessions) {
      if (now >= session.endsAt) this.#sessions.delete(identity);
      else if (session.tokenKey === tokenKey) ofToken.push(identity);
    }
    const [oldest] = ofToken;
    if (oldest !== undefined && ofToken.length >= SESSIONS_PER_TOKEN_MAX) {
      this.#sessions.delete(oldest);
    }
    const identity = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES)).toHex();
    this.#sessions.set(identity, { tokenKey, endsAt: now + SESSION_MS });
    return identity;
  }

  /** The login with this identity. */
  get(identity: string, now: number): Session | undefined {
    const session = this.#sessions.get(identity);
    if (session === undefined || now < session.endsAt) return session;
    this.#sessions.delete(identity);
    return undefined;
  }

  /** Ends a login. */
  end(identity: string): void {
    this.#sessions.delete(identity);
  }

  /** Ends the logins whose token no longer exists. */
  keepOnly(isToken: (key: string) => boolean): void {
    for (const [identity, { tokenKey }] of this.#sessions) {
      if (!isToken(tokenKey)) this.#sessions.delete(identity);
    }
  }
}
