/**
 * Runs the operator's command for each member that is lost.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { HOUR_MS, MINUTE_MS } from "../core/clock.ts";
import type { Events, PulseEvent, Subscription } from "../core/events.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";
import { Patience, Timer } from "../net/timer.ts";

/** Time between two runs for one member, in milliseconds: from, and doubling up to. */
export const ACTION_SPACING_MS_MIN: number = MINUTE_MS;
export const ACTION_SPACING_MS_MAX: number = HOUR_MS;
/** A command that takes longer is ended, in milliseconds. */
export const ACTION_TIMEOUT_MS: number = MINUTE_MS;
/** How long a command that is to end may take for that, in milliseconds. */
const GRACE_MS = 500;
/** Commands at a time, and members that may wait for theirs. */
export const ACTIONS_AT_A_TIME = 4;
export const ACTIONS_WAITING_MAX = 100;
/** Members whose last run is remembered. */
const MEMBERS_MAX = 10_000;
const QUEUE_LENGTH = 10_000;

/** Options of a {@linkcode LostAction}. */
export interface LostActionOptions {
  readonly command: string;
  readonly events: Events;
  readonly log: Logger;
  readonly isFlapping: (id: string) => boolean;
  /** Monotonic time in milliseconds. */
  readonly now: () => number;
  readonly stations: ReadonlyMap<string, string>;
}

type Lost = Extract<PulseEvent, { type: "member-state" }>;

/** Starts commands, never more often than is good. */
export class LostAction implements AsyncDisposable {
  readonly #options: LostActionOptions;
  readonly #subscription: Subscription;
  readonly #waiting: Lost[] = [];
  readonly #running = new Set<Promise<void>>();
  /** When the next run for a member may be, and how far apart they are now. */
  readonly #spacing = new Map<string, { nextAt: number; ms: number }>();
  readonly #abort = new AbortController();
  readonly #results = { done: 0, failed: 0, skipped: 0 };

  constructor(options: LostActionOptions) {
    this.#options = options;
    this.#subscription = options.events.subscribe({
      capacity: QUEUE_LENGTH,
      // After whoever notices flapping has noticed it.
      onWaiting: () => void Timer.after(0, () => this.#collect()),
    });
  }

  /** Samples of the metrics about commands. */
  metrics(): Readonly<Record<string, number>> {
    const entries = Object.entries(this.#results);
    return Object.fromEntries(
      entries.map(([result, count]) => [`pulsebox_actions_total{result="${result}"}`, count]),
    );
  }

  /** Ends the commands that run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription.close();
    this.#waiting.length = 0;
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  #collect(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      if (event.type === "member-state" && event.to === "lost" && !event.paused) this.#want(event);
    }
    this.#start();
  }

  #want(event: Lost): void {
    const name = nameOf(event.member);
    const now = this.#options.now();
    const before = this.#spacing.get(name);
    if (before !== undefined && now < before.nextAt || this.#options.isFlapping(name)) {
      this.#results.skipped++;
      this.#options.log.info("No command for {member}: it was lost not long ago", { member: name });
      return;
    }
    if (this.#waiting.length === ACTIONS_WAITING_MAX) {
      this.#results.skipped++;
      this.#options.log.warning("No command for {member}: too many wait", { member: name });
      return;
    }
    // Who was well for as long as the longest distance begins anew.
    const isFresh = before === undefined || now - before.nextAt > ACTION_SPACING_MS_MAX;
    const ms = isFresh ? ACTION_SPACING_MS_MIN : Math.min(ACTION_SPACING_MS_MAX, 2 * before.ms);
    this.#spacing.delete(name);
    this.#spacing.set(name, { nextAt: now + ms, ms });
    if (this.#spacing.size > MEMBERS_MAX) {
      const [oldest] = this.#spacing.keys();
      if (oldest !== undefined) this.#spacing.delete(oldest);
    }
    this.#waiting.push(event);
  }

  #start(): void {
    while (this.#running.size < ACTIONS_AT_A_TIME) {
      const event = this.#waiting.shift();
      if (event === undefined || this.#abort.signal.aborted) return;
      const run = this.#run(event).finally(() => {
        this.#running.delete(run);
        this.#start();
      });
      this.#running.add(run);
    }
  }

  async #run({ member, silentMs }: Lost): Promise<void> {
    const { command, log } = this.#options;
    const name = nameOf(member);
    log.info("Running the command for {member}", { member: name });
    using patience = new Patience(ACTION_TIMEOUT_MS, this.#abort.signal);
    const { signal } = patience;
    try {
      const child = new Deno.Command("/bin/sh", {
        // The names of applications come from the network: they are variables, never part of the text.
        args: ["-c", command],
        env: this.#variablesOf(member, silentMs),
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const { code } = await ended(child, signal);
      if (signal.aborted && !this.#abort.signal.aborted) {
        throw new Error(`it took longer than ${ACTION_TIMEOUT_MS / 1_000} s`);
      }
      if (code !== 0) throw new Error(`its exit status was ${code}`);
      this.#results.done++;
    } catch (error) {
      this.#results.failed++;
      const reason = error instanceof Error ? error.message : String(error);
      log.error("The command for {member} failed: {reason}", { member: name, reason });
    }
  }

  #variablesOf(member: MemberRef, silentMs: number): Record<string, string> {
    const { protocol, name, address } = member;
    // What no variable can hold would keep the command from being run at all.
    const plain = (text: string) => text.replaceAll("\0", "\ufffd").toWellFormed();
    return {
      PULSEBOX_MEMBER: plain(nameOf(member)),
      PULSEBOX_PROTOCOL: protocol,
      PULSEBOX_NAME: plain(name),
      PULSEBOX_ADDRESS: plain(address),
      PULSEBOX_STATION: plain(this.#options.stations.get(address) ?? ""),
      PULSEBOX_SILENT_MS: String(Math.round(silentMs)),
    };
  }
}

/** Waits for a command; when the signal comes it is asked to end, and then made to. */
async function ended(
  child: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Deno.CommandStatus> {
  let grace: Timer | undefined;
  const end = () => {
    child.kill("SIGTERM");
    grace = Timer.after(GRACE_MS, () => child.kill("SIGKILL"));
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  try {
    return await child.status;
  } finally {
    signal.removeEventListener("abort", end);
    grace?.stop();
  }
}
