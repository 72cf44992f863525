/**
 * What a state role was asked, and what it did.
 *
 * @module
 */

import { CLIENT_STATES, type ClientState } from "../../core/client_state.ts";

/** Why a client's state changed. */
export type ChangeCause = "heartbeat" | "client" | "operator" | "force" | "timebomb";

/** Plain numbers that only grow. */
export class GameCounters {
  /** Heartbeats by how they ended. */
  readonly heartbeats: Record<
    "ok" | "late" | "limited" | "foreign" | "invalid" | "refused",
    number
  > = {
    ok: 0,
    late: 0,
    limited: 0,
    foreign: 0,
    invalid: 0,
    refused: 0,
  };
  /** State changes by their cause. */
  readonly changes: Record<ChangeCause, number> = {
    heartbeat: 0,
    client: 0,
    operator: 0,
    force: 0,
    timebomb: 0,
  };
  /** Clients that came back after their bomb or removal. */
  reconnects = 0;
  /** States that were told again to clients that believed another. */
  reminders = 0;

  /** All of them in one level, named as metrics are. */
  flat(): Record<string, number> {
    const flat: Record<string, number> = {
      reconnects_total: this.reconnects,
      reminders_total: this.reminders,
      timebombs_total: this.changes.timebomb,
    };
    for (const [result, count] of Object.entries(this.heartbeats)) {
      flat[`heartbeats_${result}_total`] = count;
    }
    for (const [cause, count] of Object.entries(this.changes)) {
      flat[`state_changes_${cause}_total`] = count;
    }
    return flat;
  }
}

/** Clients by state, named as metrics are. */
export function clientsByState(
  clients: Iterable<{ readonly state: ClientState }>,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of CLIENT_STATES) counts[`clients_${state.toLowerCase()}`] = 0;
  for (const { state } of clients) {
    const name = `clients_${state.toLowerCase()}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
