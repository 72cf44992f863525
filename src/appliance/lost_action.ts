/**
 * Runs the operator's command for each member that is lost.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { MINUTE_MS } from "../core/clock.ts";
import type { Events, Subscription } from "../core/events.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";
import { visible, visibleCut } from "../core/visible.ts";
import { Patience, Timer } from "../net/timer.ts";
import { type LostMember, LostRuns, type Need } from "./lost_runs.ts";

/** A command that takes longer is ended, in milliseconds. */
export const ACTION_TIMEOUT_MS: number = MINUTE_MS;
/** How long a command that is to end may take for that, in milliseconds. */
const GRACE_MS = 500;
/** Commands at a time. */
export const ACTIONS_AT_A_TIME = 4;
/** Longest piece of what a failed command said on its stderr that is told, in UTF-16 code units. */
export const ACTION_STDERR_LENGTH_MAX = 300;
const QUEUE_LENGTH = 10_000;
/** Longest name of a member in a warning, in UTF-16 code units. */
const NAME_LENGTH_MAX = 200;

/** Options of a {@linkcode LostAction}. */
export interface LostActionOptions {
  readonly command: string;
  readonly events: Events;
  readonly log: Logger;
  /** Whether a member needs its run now, looked up when its turn comes. */
  readonly needOf: (member: MemberRef) => Need;
  /** All who are lost now, in case events of it were missed. */
  readonly lostNow: () => Iterable<LostMember>;
  /** Monotonic time in milliseconds. */
  readonly now: () => number;
  readonly stations: ReadonlyMap<string, string>;
}

/** Starts commands, never more often than is good. */
export class LostAction implements AsyncDisposable {
  readonly #options: LostActionOptions;
  readonly #subscription: Subscription;
  readonly #runs = new LostRuns();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #results = { done: 0, failed: 0, postponed: 0 };
  #dropped = 0;
  #timer: Timer | undefined;
  #problem: string | undefined;

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

  /** What failed last, until a command succeeds. */
  warnings(): string[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Ends the commands that run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription.close();
    this.#timer?.stop();
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  #collect(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      if (event.type === "member-forgotten") this.#runs.unwant(event.member);
      if (event.type === "member-state" && event.to === "lost") this.#want(event);
    }
    if (this.#subscription.dropped !== this.#dropped) {
      this.#dropped = this.#subscription.dropped;
      for (const lost of this.#options.lostNow()) this.#want(lost);
    }
    this.wake();
  }

  #want(lost: LostMember): void {
    const waitMs = this.#runs.want(lost, this.#options.now());
    if (waitMs === undefined || waitMs === 0) return;
    this.#results.postponed++;
    this.#options.log.info("The command for {member} waits {seconds} s: it ran not long ago", {
      member: nameOf(lost.member),
      seconds: Math.ceil(waitMs / 1_000),
    });
  }

  /** Starts what is due. */
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
        stderr: "piped",
      }).spawn();
      const said = firstOf(child.stderr, this.#abort.signal);
      const { code } = await ended(child, signal);
      if (signal.aborted && !this.#abort.signal.aborted) {
        throw new Error(`it took longer than ${ACTION_TIMEOUT_MS / 1_000} s`);
      }
      if (code !== 0) throw new Error(`its exit status was ${code}${await said.told()}`);
      this.#results.done++;
      this.#problem = undefined;
      return "done";
    } catch (error) {
      this.#results.failed++;
      const reason = error instanceof Error ? error.message : String(error);
      log.error("The command for {member} failed: {reason}", { member: name, reason });
      this.#problem = `The command for ${visibleCut(name, NAME_LENGTH_MAX)} failed: ${reason}`;
      return "failed";
    }
  }

  #variablesOf(member: MemberRef, silentMs: number): Record<string, string> {
    const { protocol, name, address } = member;
    // A zero would keep the command from being run; a line break would begin another header of a mail.
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

/**
 * The beginning of what a command says. All is read, or it would be held up; what it left running may
 * say more until the signal comes.
 */
function firstOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): { told(): Promise<string> } {
  const decoder = new TextDecoder();
  let text = "";
  const sink = new WritableStream<Uint8Array>({
    write(bytes) {
      if (text.length <= ACTION_STDERR_LENGTH_MAX) {
        const room = 4 * ACTION_STDERR_LENGTH_MAX;
        text += decoder.decode(bytes.subarray(0, room), { stream: true });
      }
    },
  });
  const read = stream.pipeTo(sink, { signal }).catch(() => {});
  return {
    async told() {
      using patience = new Patience(GRACE_MS, signal);
      const isOver = new Promise((done) => patience.signal.addEventListener("abort", done));
      await Promise.race([read, isOver]);
      const said = visibleCut(text.trim(), ACTION_STDERR_LENGTH_MAX);
      return said === "" ? "" : `: ${said}`;
    },
  };
}
