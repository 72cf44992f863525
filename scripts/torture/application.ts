/**
 * One application under torture: it beats, pauses, says goodbye, and keeps a journal of it.
 *
 * @module
 */

import type { HostProcess, MemberJson } from "./host_process.ts";
import { equal, Journal, type Memory, type Operation } from "./journal.ts";

/** Silences that applications announce, in milliseconds; the server adds a second to each. */
const DELAYS_MS = [0, 200, 400] as const;
const SERVER_EXTRA_MS = 1_000;
/** Pause between two operations, in milliseconds: from, and up to. */
const REST_MS_MIN = 40;
const REST_MS_MAX = 250;
/** Promises of silence after which a client was held up itself, well before the host may notice. */
const HELD_UP_PROMISES = 2;

/** Where a member stands on its way to being forgotten. */
const RANKS: Readonly<Record<string, number>> = { starting: 0, ok: 0, late: 1, lost: 2, gone: 3 };

/** A client and what it knows. */
export class Application {
  readonly name: string;
  readonly #random: () => number;
  readonly #journal = new Journal();
  #delayMs: number = DELAYS_MS[0];
  /** When it was last answered in this run, in milliseconds; `undefined` if it never was. */
  #heardAt: number | undefined;
  #heldUp = false;
  /**
   * It dies quietly in one run; it counts as dead once a later run remembers it, for a kill may have
   * taken the whole of it.
   */
  #dying = false;
  #dead = false;
  /** Ranks that were seen of it after its death, with their times. */
  #seen: { at: number; rank: number }[] = [];

  constructor(name: string, random: () => number) {
    this.name = name;
    this.#random = random;
  }

  /** Its identity at the host. */
  get id(): string {
    return `${this.name} @ 127.0.0.1`;
  }

  /** True if it beats no more, and the host has to notice. */
  get dead(): boolean {
    return this.#dead;
  }

  /** True if its own machine did not let it beat in time, so that an alarm may have been right. */
  get heldUp(): boolean {
    return this.#heldUp;
  }

  /** Stops its beats for ever. */
  die(): void {
    this.#dying = true;
  }

  /** Does things until the host does not answer any more or the signal comes. */
  async live(host: HostProcess, signal: AbortSignal): Promise<void> {
    this.#heardAt = undefined;
    while (!signal.aborted && !this.#dying) {
      if (!(await this.#ask(host, this.#choose()))) return;
      const restMs = REST_MS_MIN + this.#random() * (REST_MS_MAX - REST_MS_MIN);
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  /**
   * Compares what the host says after a kill with what it has to remember.
   *
   * @return One sentence about what is wrong, or `undefined`.
   */
  check(found: MemberJson | undefined, listed: boolean, killedAt: number): string | undefined {
    const memory: Memory = {
      listed,
      promiseMs: listed ? found?.promiseMs ?? NaN : 0,
      pause: found?.pause?.reason,
    };
    const acceptable = this.#journal.acceptable(killedAt);
    const known = acceptable.some((one) => equal(one, memory));
    // The protocol forgets a member that is gone; the console remembers it.
    const gone = this.#dead && found?.state === "gone";
    if (!gone) this.#journal.rebase(memory);
    if (!gone && !known) {
      return `${this.name} is ${JSON.stringify(memory)}, not one of ${JSON.stringify(acceptable)}`;
    }
    if (this.#dying) this.#dead = gone || (listed && memory.pause === undefined);
    this.#dying = this.#dead;
    return this.#dead ? this.#checkDead(found, killedAt) : this.#checkAlive(found);
  }

  /** Looks at a member while the host runs; gives one sentence about what is wrong. */
  watch(found: MemberJson | undefined, now: number): string | undefined {
    if (this.#dead) {
      const rank = RANKS[found?.state ?? ""];
      if (rank === undefined) return `${this.name} died and is ${found?.state ?? "not known"}`;
      this.#seen.push({ at: now, rank });
      return undefined;
    }
    this.#noteDelay(now);
    return this.#dying || this.#heldUp ? undefined : this.#checkAlive(found);
  }

  #noteDelay(now: number): void {
    if (this.#dying || this.#heardAt === undefined) return;
    const promiseMs = Math.min(...DELAYS_MS) + SERVER_EXTRA_MS;
    this.#heldUp ||= now - this.#heardAt > HELD_UP_PROMISES * promiseMs;
  }

  #checkAlive(found: MemberJson | undefined): string | undefined {
    const state = found?.state ?? "unknown";
    if (state === "unknown" || RANKS[state] === 0) return undefined;
    return `${this.name} keeps beating and is ${state}`;
  }

  /** A state that was reached more than a second before the kill is not taken back. */
  #checkDead(found: MemberJson | undefined, killedAt: number): string | undefined {
    const certain = this.#seen.filter(({ at }) => at <= killedAt - 1_000);
    const least = Math.max(0, ...certain.map(({ rank }) => rank));
    const rank = RANKS[found?.state ?? ""] ?? -1;
    this.#seen = [{ at: -Infinity, rank: least }];
    if (rank >= least) return undefined;
    return `${this.name} died, had rank ${least} and is ${found?.state ?? "not known"}`;
  }

  #choose(): Operation {
    const draw = this.#random();
    const { pause } = this.#journal.latest;
    if (draw < 0.02) return { kind: "done" };
    if (draw < 0.05) {
      return pause === undefined
        ? { kind: "pause", reason: `reason ${Math.floor(this.#random() * 1e6)}` }
        : { kind: "resume" };
    }
    if (draw < 0.06) {
      this.#delayMs = DELAYS_MS[Math.floor(this.#random() * DELAYS_MS.length)] ?? DELAYS_MS[0];
    }
    return { kind: "beat", promiseMs: this.#delayMs + SERVER_EXTRA_MS };
  }

  async #ask(host: HostProcess, operation: Operation): Promise<boolean> {
    const confirm = this.#journal.begin(operation);
    try {
      await this.#send(host, operation);
    } catch {
      // The host was killed: whether it still heard this is for the check to find out.
      return false;
    }
    const now = performance.now();
    confirm(now);
    this.#noteDelay(now);
    this.#heardAt = now;
    return true;
  }

  async #send(host: HostProcess, operation: Operation): Promise<void> {
    const appid = `appid=${this.name}`;
    switch (operation.kind) {
      case "beat": {
        const command = this.#random() < 0.02 ? "hb_init" : "hb_ping";
        const reply = await host.heartbeat(`${command}?${this.#delayMs}&${appid}`);
        if (reply !== `${operation.promiseMs}`) throw new Error(`Unexpected reply "${reply}"`);
        return;
      }
      case "done":
        await host.heartbeat(`hb_done?0&${appid}`);
        return;
      case "pause":
        return await this.#post(host, "pause", {
          reason: operation.reason,
          // It may have said goodbye before.
          expect: true,
        });
      case "resume":
        return await this.#post(host, "resume", {});
    }
  }

  async #post(host: HostProcess, action: string, body: unknown): Promise<void> {
    const id = encodeURIComponent(`hilbert/${this.id}`);
    const response = await host.console(`members/${id}/${action}`, body);
    const reply = await response.text();
    if (!response.ok) throw new Error(`Unexpected reply "${reply}"`);
  }
}
