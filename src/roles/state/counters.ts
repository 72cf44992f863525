/**
 * Counts the requests and actions of a state role.
 *
 * @module
 */

import { CLIENT_STATES, type ClientState } from "../../core/client_state.ts";

/** Why a client's state changed. */
export type ChangeCause = "heartbeat" | "client" | "operator" | "force" | "timebomb";

/** Plain numbers that only grow. */
export class GameCounters {
  /** Heartbeats by their result. */
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
  /** Clients that came back after their timebomb or their removal. */
  reconnects = 0;
  /** States that were sent again to clients that believed a wrong state. */
  reminders = 0;
  /**
   * Messages over ZeroMQ that changed nothing: unknown clients, and states only the server sets.
   */
  refusedReports = 0;

  /** All of them, as metrics name them. */
  samples(): Record<string, number> {
    const samples: Record<string, number> = {
      mlf_reconnects_total: this.reconnects,
      mlf_reminders_total: this.reminders,
      mlf_refused_reports_total: this.refusedReports,
      mlf_timebombs_total: this.changes.timebomb,
    };
    for (const [result, count] of Object.entries(this.heartbeats)) {
      samples[`mlf_heartbeats_total{result="${result}"}`] = count;
    }
    for (const [cause, count] of Object.entries(this.changes)) {
      samples[`mlf_state_changes_total{cause="${cause}"}`] = count;
    }
    return samples;
  }
}

/** Clients by state, as metrics name them. */
export function clientsByState(
  clients: Iterable<{ readonly state: ClientState }>,
): Record<string, number> {
  const counts: Record<string, number> = {};
  const nameOf = (state: ClientState) => `mlf_clients{state="${state}"}`;
  for (const state of CLIENT_STATES) counts[nameOf(state)] = 0;
  for (const { state } of clients) counts[nameOf(state)] = (counts[nameOf(state)] ?? 0) + 1;
  return counts;
}
