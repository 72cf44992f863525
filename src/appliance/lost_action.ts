/**
 * Runs the operator's command for each member that is lost.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Events, Subscription } from "../core/events.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";
import type { CommandRun, TellingTrial } from "../core/telling.ts";
import { visible, visibleCut } from "../core/visible.ts";
import { withoutFolders } from "../core/without_folders.ts";
import { Timer } from "../net/timer.ts";
import { type LostMember, LostRuns, type Need } from "./lost_runs.ts";
import { runCommand } from "./shell_command.ts";

/** The most commands that run at the same time. */
export const ACTIONS_AT_A_TIME = 4;
const QUEUE_LENGTH = 10_000;
/** Longest name of a member in a warning, in UTF-16 code units. */
const NAME_LENGTH_MAX = 200;

/** What the command gets in place of a member when it is only tested. */
const TEST_VARIABLES = {
  PULSEBOX_TEST: "1",
  PULSEBOX_MEMBER: "test",
  PULSEBOX_PROTOCOL: "test",
  PULSEBOX_NAME: "Test of notifications",
  PULSEBOX_ADDRESS: "127.0.0.1",
  PULSEBOX_STATION: "",
  PULSEBOX_SILENT_MS: "0",
} as const;
const WAY = "command";

/** Options of a {@linkcode LostAction}. */
export interface LostActionOptions {
  readonly command: string;
  readonly events: Events;
  readonly log: Logger;
  /** Whether a member still needs its run; asked when its turn comes. */
  readonly needOf: (member: MemberRef) => Need;
  /** All members that are lost now, in case events were missed. */
  readonly lostNow: () => Iterable<LostMember>;
  /** Monotonic time in milliseconds. */
  readonly now: () => number;
  /** Wall time in milliseconds since 1970. */
  readonly wall: () => number;
  readonly stations: ReadonlyMap<string, string>;
}

/** Runs commands, but never too often. */
export class LostAction implements AsyncDisposable {
  readonly #options: LostActionOptions;
  readonly #subscription: Subscription;
  readonly #runs = new LostRuns();
  readonly #running = new Set<Promise<void>>();
  readonly #tests = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #results = { done: 0, failed: 0, postponed: 0 };
  #dropped = 0;
  #timer: Timer | undefined;
  #problem: string | undefined;
  #command: string;
  #lastRun: CommandRun | undefined;

  constructor(options: LostActionOptions) {
    this.#options = options;
    this.#command = options.command;
    this.#subscription = options.events.subscribe({
      capacity: QUEUE_LENGTH,
      // Listen after the flap watch, which must see each event first.
      onWaiting: () => void Timer.after(0, () => this.#collect()),
    });
  }

  /** The most recently finished run for a member; undefined before the first. */
  get lastRun(): CommandRun | undefined {
    return this.#lastRun;
  }

  /** Replaces the command; the new one has not failed yet. */
  replace(command: string): void {
    if (command === this.#command) return;
    this.#command = command;
    this.#problem = undefined;
  }

  /** Runs the command without a member, and returns the result. */
  async test(): Promise<TellingTrial> {
    const trial = { way: "command", target: "--on-lost" } as const;
    const run = runCommand(this.#command, TEST_VARIABLES, this.#abort.signal);
    const end = run.then(() => {});
    this.#tests.add(end);
    const { problem } = await run;
    this.#tests.delete(end);
    if (problem !== undefined) return { ...trial, ok: false, detail: problem };
    this.#recover();
    return { ...trial, ok: true, detail: "exit status 0" };
  }

  /** Samples of the commands' metrics. */
  metrics(): Readonly<Record<string, number>> {
    const entries = Object.entries(this.#results);
    return Object.fromEntries(
      entries.map(([result, count]) => [`pulsebox_actions_total{result="${result}"}`, count]),
    );
  }

  /** The latest failure, until a command succeeds. */
  warnings(): string[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Ends the running commands. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription.close();
    this.#timer?.stop();
    this.#abort.abort();
    await Promise.all([...this.#running, ...this.#tests]);
  }

  #collect(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      if (event.type === "member-forgotten") this.#runs.unwant(event.member);
      if (event.type === "member-state" && event.to === "lost") this.#want(event);
    }
    if (this.#subscription.dropped !== this.#dropped) {
      this.#dropped = this.#subscription.dropped;
      const now = this.#options.now();
      for (const lost of this.#options.lostNow()) {
        if (!this.#runs.hasRunSince(lost.member, now - lost.silentMs)) this.#want(lost);
      }
    }
    this.wake();
  }

  #want(lost: LostMember): void {
    const waitMs = this.#runs.want(lost, this.#options.now());
    if (waitMs === undefined || waitMs === 0) return;
    this.#results.postponed++;
    this.#options.log.info("The command for {member} waits {seconds} s because it ran recently", {
      member: nameOf(lost.member),
      seconds: Math.ceil(waitMs / 1_000),
    });
  }

  /** Starts the runs that are due. */
  wake(): void {
    this.#timer?.stop();
    if (this.#abort.signal.aborted) return;
    const { now, needOf } = this.#options;
    while (this.#running.size < ACTIONS_AT_A_TIME) {
      const lost = this.#runs.take(now(), needOf);
      if (lost === undefined) {
        this.#timer = Timer.after(this.#runs.nextAt() - now(), () => this.wake());
        return;
      }
      const run = this.#run(lost).then((result) => {
        this.#runs.finish(lost, result);
        this.#running.delete(run);
        this.wake();
      });
      this.#running.add(run);
    }
  }

  async #run({ member, silentMs }: LostMember): Promise<"done" | "failed"> {
    const { events, log, now, wall } = this.#options;
    const name = nameOf(member);
    log.info("Running the command for {member}", { member: name });
    const variables = this.#variablesOf(member, silentMs);
    const end = await runCommand(this.#command, variables, this.#abort.signal);
    const { exitStatus, problem: failure } = end;
    const reason = failure === undefined ? undefined : withoutFolders(failure);
    this.#lastRun = {
      at: wall(),
      member: visibleCut(name, NAME_LENGTH_MAX),
      exitStatus,
      problem: reason ?? null,
    };
    if (reason === undefined) {
      this.#results.done++;
      this.#recover();
      return "done";
    }
    // It did not end by itself.
    if (this.#abort.signal.aborted) return "failed";
    this.#results.failed++;
    log.error("The command for {member} failed: {reason}", {
      member: name,
      reason: failure,
    });
    this.#problem = `The command for ${visibleCut(name, NAME_LENGTH_MAX)} failed: ${reason}`;
    events.publish({ type: "telling-failed", at: now(), way: WAY, reason, member });
    return "failed";
  }

  #recover(): void {
    const { events, now } = this.#options;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    events.publish({ type: "telling-recovered", at: now(), way: WAY });
  }

  #variablesOf(member: MemberRef, silentMs: number): Record<string, string> {
    const { protocol, name, address } = member;
    // A NUL would keep the command from starting; a line break would begin another header in a
    // mail.
    return {
      PULSEBOX_MEMBER: visible(nameOf(member)),
      PULSEBOX_PROTOCOL: protocol,
      PULSEBOX_NAME: visible(name),
      PULSEBOX_ADDRESS: visible(address),
      PULSEBOX_STATION: visible(this.#options.stations.get(address) ?? ""),
      PULSEBOX_SILENT_MS: String(Math.round(silentMs)),
    };
  }
}
