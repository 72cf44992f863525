/**
 * What all clients of a soak have in common.
 *
 * @module
 */

import type { Claim } from "./law_book.ts";

/** Samples of the host's metrics by name and labels, as in `tix_pings_total`. */
export type Metrics = ReadonlyMap<string, number>;

/** How much time things take: all lengths in milliseconds. */
export interface Pace {
  /** Between two heartbeats of an application or a game. */
  readonly beatMs: number;
  /** What applications announce. */
  readonly delayMs: number;
  /** Silence after which a phone is not woken any more. */
  readonly leaseMs: number;
  /** Silence that removes a game client. */
  readonly timebombMs: number;
  /** Most time until somebody who was told to fail has been told lost. */
  readonly tellingMs: number;
  /** How long clients go on before they do something else: from half of it to twice. */
  readonly actMs: number;
  /** Between two hostile acts: from half of it to twice. */
  readonly chaosMs: number;
}

/** Where clients find the host. */
export interface Places {
  readonly heartbeat: number;
  readonly trigger: number;
  readonly hevWeb: number;
  readonly hevQuery: number;
  readonly hevNative: number;
  readonly state: number;
  readonly publisher: number;
  readonly subscriber: number;
  readonly console: number;
}

/** What clients are given. */
export interface Scene {
  readonly places: Places;
  readonly pace: Pace;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Ends all. */
  readonly signal: AbortSignal;
}

/** Judges what was counted between two readings of the metrics, one before it and one after it. */
export type Judge = (before: Metrics, after: Metrics) => Claim[];

/** Clients of one kind. */
export interface Crowd extends AsyncDisposable {
  /** A new life of the host begins, and its figures with it. */
  begin?(): void;
  /** Counts what the clients have seen in this life. */
  look(): Judge;
  /** Stops doing anything that changes states, and waits until all that was begun has ended. */
  settle?(): void | Promise<void>;
  /** What must hold once all is settled. */
  finalClaims?(): Claim[];
  /** Figures for the report, by what they count. */
  figures(): Readonly<Record<string, number>>;
}

/** A sample, or 0 if the host does not tell it (yet). */
export function sampleOf(metrics: Metrics, name: string): number {
  return metrics.get(name) ?? 0;
}

/** The sum of all samples of a family. */
export function familyOf(metrics: Metrics, name: string): number {
  let sum = 0;
  for (const [sample, value] of metrics) {
    if (sample === name || sample.startsWith(`${name}{`)) sum += value;
  }
  return sum;
}

/** A random length around the given one: from half of it to twice. */
export function about(ms: number, random: () => number): number {
  return ms * (0.5 + 1.5 * random());
}

/** Waits; ends early when the signal comes. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
