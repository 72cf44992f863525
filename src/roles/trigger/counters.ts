/**
 * Counts what a trigger role does.
 *
 * @module
 */

import { DurationHistogram } from "./histogram.ts";

/**
 * What became of a datagram: it registered or refreshed a client, it had the wrong length, or it
 * was refused because of its port, its address, a cap, the rate of new clients, or because it came
 * from the service itself or a similar one.
 */
export type DatagramResult =
  | "new"
  | "refresh"
  | "short"
  | "long"
  | "refused_port"
  | "refused_address"
  | "refused_cap"
  | "refused_rate"
  | "self";

/**
 * The most error names that are counted separately; further names, which do not occur, share one.
 */
const ERRNOS_MAX = 32;
const OTHER_ERRNO = "other";

/** Totals over some time, as one line of the log reports them. */
export interface TriggerTotals {
  readonly registered: number;
  readonly refused: number;
  readonly expired: number;
  readonly dropped: number;
  readonly pings: number;
  readonly sendErrors: number;
  readonly skippedTurns: number;
}

/** Plain numbers that only grow. */
export class TriggerCounters {
  readonly datagrams: Record<DatagramResult, number> = {
    new: 0,
    refresh: 0,
    short: 0,
    long: 0,
    refused_port: 0,
    refused_address: 0,
    refused_cap: 0,
    refused_rate: 0,
    self: 0,
  };
  readonly #sendErrors = new Map<string, number>();
  readonly #receiveErrors = new Map<string, number>();
  /** Datagrams sent. */
  pings = 0;
  /** Leases that ended because nothing was heard. */
  expired = 0;
  /** Clients dropped because they could not be reached. */
  dropped = 0;
  /** Clients dropped because they were heard only once. */
  unconfirmed = 0;
  /** Turns of phases with clients that were skipped because they came too late. */
  skippedTurns = 0;
  /** How late each turn began. */
  readonly lateness = new DurationHistogram();
  /** How long each turn took. */
  readonly duration = new DurationHistogram();

  /** Counts a ping that could not be sent. */
  countSendError(errno: string): void {
    count(this.#sendErrors, errno);
  }

  /** Counts a failure to receive. */
  countReceiveError(errno: string): void {
    count(this.#receiveErrors, errno);
  }

  /** The numbers for one line of the log. */
  totals(): TriggerTotals {
    const { datagrams, expired, dropped, unconfirmed, pings, skippedTurns } = this;
    const { refused_port, refused_address, refused_cap, refused_rate, self } = datagrams;
    return {
      registered: datagrams.new,
      refused: datagrams.short + datagrams.long + refused_port + refused_address + refused_cap +
        refused_rate + self,
      expired: expired + unconfirmed,
      dropped,
      pings,
      sendErrors: sum(this.#sendErrors),
      skippedTurns,
    };
  }

  /** All of them, as metrics name them. */
  samples(): Record<string, number> {
    const samples: Record<string, number> = {
      tix_pings_total: this.pings,
      tix_expired_total: this.expired,
      tix_dropped_total: this.dropped,
      tix_unconfirmed_total: this.unconfirmed,
      tix_ticks_skipped_total: this.skippedTurns,
    };
    for (const [result, value] of Object.entries(this.datagrams)) {
      samples[`tix_registrations_total{result="${result}"}`] = value;
    }
    for (const [errno, value] of this.#sendErrors) {
      samples[`tix_send_errors_total{errno="${errno}"}`] = value;
    }
    for (const [errno, value] of this.#receiveErrors) {
      samples[`tix_receive_errors_total{errno="${errno}"}`] = value;
    }
    this.lateness.put(samples, "tix_tick_late_seconds");
    this.duration.put(samples, "tix_tick_duration_seconds");
    return samples;
  }
}

/** What happened between two readings. */
export function totalsSince(before: TriggerTotals, after: TriggerTotals): TriggerTotals {
  return {
    registered: after.registered - before.registered,
    refused: after.refused - before.refused,
    expired: after.expired - before.expired,
    dropped: after.dropped - before.dropped,
    pings: after.pings - before.pings,
    sendErrors: after.sendErrors - before.sendErrors,
    skippedTurns: after.skippedTurns - before.skippedTurns,
  };
}

function count(errors: Map<string, number>, errno: string): void {
  const name = errors.has(errno) || errors.size < ERRNOS_MAX ? errno : OTHER_ERRNO;
  errors.set(name, (errors.get(name) ?? 0) + 1);
}

function sum(errors: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const value of errors.values()) total += value;
  return total;
}
