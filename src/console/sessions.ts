/**
 * Who has logged in with a browser.
 *
 * @module
 */

import { HOUR_MS } from "../core/clock.ts";

/** How long a login lasts, in milliseconds. */
export const SESSION_MS: number = 12 * HOUR_MS;
/**
 * The most logins with one token; beyond it the token's oldest login ends, so that no token ends
 * another's logins.
 */
export const SESSIONS_PER_TOKEN_MAX = 100;

const IDENTITY_BYTES = 32;

/** A login. */
export interface Session {
  /** The key of the token that it was begun with. */
  readonly tokenKey: string;
  readonly endsAt: number;
}

/** The logins by the identity in their cookie. They end with the program. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Number of logins that are remembered. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Begins a login; its identity is the value of the cookie. */
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

  /** The one with this identity. */
  get(identity: string, now: number): Session | undefined {
    const session = this.#sessions.get(identity);
    if (session === undefined || now < session.endsAt) return session;
    this.#sessions.delete(identity);
    return undefined;
  }

  /** Ends one. */
  end(identity: string): void {
    this.#sessions.delete(identity);
  }

  /** Ends those whose token is no more. */
  keepOnly(isToken: (key: string) => boolean): void {
    for (const [identity, { tokenKey }] of this.#sessions) {
      if (!isToken(tokenKey)) this.#sessions.delete(identity);
    }
  }
}
