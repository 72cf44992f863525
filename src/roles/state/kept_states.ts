/**
 * Keeps clients' states across a restart of the server, so that a running game goes on.
 *
 * @module
 */

import { type ClientState, FIRST_STATE, parseClientState } from "../../core/client_state.ts";
import type { GameHeartbeat } from "../../wire/mlf/heartbeat.ts";
import type { Keeper } from "./identities.ts";

/** The most states that are stored, because the keeper needs room for other values, too. */
const KEPT_MAX = 800;

/** Keeps every state except the initial one. */
export class KeptStates {
  readonly #keeper: Keeper | undefined;
  readonly #ids = new Set<string>();

  /** @param keeper Where states are kept; nowhere if not given. */
  constructor(keeper: Keeper | undefined) {
    this.#keeper = keeper;
  }

  /** Stores a client's state; `undefined` if the client is gone. */
  set(id: string, state: ClientState | undefined): void {
    const isKept = state !== undefined && state !== FIRST_STATE;
    if (isKept && (this.#ids.has(id) || this.#ids.size < KEPT_MAX)) {
      this.#ids.add(id);
      this.#keeper?.set(keyOf(id), state);
    } else if (this.#ids.delete(id)) {
      this.#keeper?.set(keyOf(id), undefined);
    }
  }

  /** The state of a client in an earlier run. */
  take(id: string): ClientState {
    const state = parseClientState(this.#keeper?.get(keyOf(id)));
    if (state === undefined) return FIRST_STATE;
    this.#ids.add(id);
    return state;
  }
}

/** Stands in for the heartbeats of an earlier run: every real heartbeat is newer. */
export function heartbeatBefore(clientId: string, clientState: ClientState): GameHeartbeat {
  return { sdkVersion: 0, timestamp: "", timestampMicros: -Infinity, clientId, clientState };
}

function keyOf(id: string): string {
  return `mlf.state.${id}`;
}
