/**
 * Whether the other end is heard, told in turns.
 *
 * @module
 */

import { tellUser } from "./user_callback.ts";

/**
 * Told `up` when the other end is heard, with its address, and `down` when it is not, with the reason.
 * The two take turns, however often a connection is tried in between.
 */
export type ConnectionListener = (state: "up" | "down", detail: string) => void;

/** Tells each change once, whatever happened in between. */
export class ConnectionNews {
  readonly #listener: ConnectionListener | undefined;
  #state: "up" | "down" | undefined;

  /** @param listener Told, if there is one; it may throw. */
  constructor(listener: ConnectionListener | undefined) {
    this.#listener = listener;
  }

  /** Whether the other end was heard last. */
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
