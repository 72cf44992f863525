/**
 * Reports connects and disconnects in strict alternation.
 *
 * @module
 */

import { tellUser } from "./user_callback.ts";

/**
 * Called with `up` and the peer's address when the peer is heard, and with `down` and the reason
 * when it is no longer heard. The two alternate, however many attempts to connect lie between them.
 */
export type ConnectionListener = (state: "up" | "down", detail: string) => void;

/** Reports each change once, whatever happened in between. */
export class ConnectionNews {
  readonly #listener: ConnectionListener | undefined;
  #state: "up" | "down" | undefined;

  /** @param listener Called with each change, if given; it may throw. */
  constructor(listener: ConnectionListener | undefined) {
    this.#listener = listener;
  }

  /** Whether the last report was `up`. */
  get isUp(): boolean {
    return this.#state === "up";
  }

  /** Notes how it is now. */
  note(state: "up" | "down", detail: string): void {
    if (this.#state === state) return;
    this.#state = state;
    tellUser(this.#listener, state, detail);
  }
}
