/**
 * Applications that beat, end, fail and fall silent, and know what must be told of them.
 *
 * @module
 */

import { HilbertClient } from "../../src/clients/hilbert/client.ts";
import { LOST_RATIO, MARGIN_MS } from "../../src/wire/hilbert/replies.ts";
import {
  about,
  type Crowd,
  familyOf,
  type Judge,
  type Metrics,
  pause,
  sampleOf,
  type Scene,
} from "./crowd.ts";
import type { Claim } from "./law_book.ts";
import type { OutageJournal } from "./outage_journal.ts";

const CALL_TIMEOUT_MS = 5_000;
/** Pause before a call that failed is tried again, in milliseconds. */
const AGAIN_MS = 200;
/** Share of the silence that makes it lost after which a stall of this machine excuses an outage. */
const HELD_UP_SHARE = 0.3;
const STALL_WATCH_MS = 100;
/**
 * One life of the host must have heard an application for so long, in milliseconds, before that may be
 * lost: more than a commit takes. What a host had not written down yet when it was killed, it cannot miss.
 */
const STEADY_MS = 2_500;

/** Requests of one life of the host. */
interface Tally {
  sent: number;
  answered: number;
}

/** One application. */
class Application {
  readonly name: string;
  /** How often it was to be told lost. */
  outages = 0;
  isAway = false;
  /** The life of the host that hears it, and since when. */
  #heardBy: Tally | undefined;
  #heardSince = 0;
  readonly #client: HilbertClient;
  readonly #scene: Scene;
  readonly #journal: OutageJournal;
  readonly #tally: () => Tally;
  #untold = 0;

  constructor(name: string, scene: Scene, journal: OutageJournal, tally: () => Tally) {
    this.name = name;
    this.#scene = scene;
    this.#journal = journal;
    this.#tally = tally;
    this.#client = new HilbertClient({
      url: `http://127.0.0.1:${scene.places.heartbeat}`,
      appId: name,
      timeoutMs: CALL_TIMEOUT_MS,
    });
  }

  /** Failures that nobody was told of in time. */
  get untold(): number {
    return this.#untold;
  }

  /** Goes on until the signal; does nothing but beat once nothing is to happen any more. */
  async live(mayAct: () => boolean): Promise<void> {
    const { pace, random, signal } = this.#scene;
    await pause(pace.beatMs * random(), signal);
    while (!signal.aborted) {
      await this.#beatFor(about(pace.actMs, random));
      if (signal.aborted || !mayAct()) continue;
      this.isAway = true;
      if (random() < 0.4) await this.#end();
      else await this.#beLost(random() < 0.5 ? "fail" : "fall silent");
      this.isAway = false;
    }
    await this.#client.close();
  }

  async #beatFor(lengthMs: number): Promise<void> {
    const { pace, signal } = this.#scene;
    const endAt = performance.now() + lengthMs;
    while ((performance.now() < endAt || !this.#isSteady) && !signal.aborted) {
      await this.#try(() => this.#client.ping(pace.delayMs));
      await pause(pace.beatMs, signal);
    }
  }

  get #isSteady(): boolean {
    return this.#heardBy === this.#tally() && performance.now() - this.#heardSince >= STEADY_MS;
  }

  async #end(): Promise<void> {
    const { pace, random, signal } = this.#scene;
    await this.#until(() => this.#client.done());
    this.#heardBy = undefined;
    await pause(about(pace.actMs / 4, random), signal);
    await this.#until(() => this.#client.init(pace.delayMs));
  }

  async #beLost(how: "fail" | "fall silent"): Promise<void> {
    const { pace, random, signal } = this.#scene;
    const before = this.#told();
    this.outages++;
    if (how === "fail") await this.#until(() => this.#client.fail("soaked"));
    const deadline = performance.now() + pace.tellingMs;
    while (!signal.aborted && this.#told() === before) {
      if (performance.now() > deadline) {
        this.#untold++;
        return;
      }
      await this.#journal.news(pace.beatMs);
    }
    this.#heardBy = undefined;
    // Nobody mends it at once.
    await pause(about(pace.actMs / 4, random), signal);
  }

  #told(): number {
    return this.#journal.outagesOf("hilbert", this.name);
  }

  /** Tries until it is answered. */
  async #until(call: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#scene;
    while (!signal.aborted && !await this.#try(call)) await pause(AGAIN_MS, signal);
  }

  async #try(call: () => Promise<unknown>): Promise<boolean> {
    const tally = this.#tally();
    tally.sent++;
    try {
      await call();
    } catch {
      // The host does not run, or ended meanwhile.
      return false;
    }
    tally.answered++;
    if (this.#heardBy !== tally) this.#heardSince = performance.now();
    this.#heardBy = tally;
    return true;
  }
}

const COMMANDS = ["init", "ping", "done", "fail"] as const;

/** All applications. */
export class Applications implements Crowd {
  readonly #applications: readonly Application[];
  readonly #journal: OutageJournal;
  readonly #pace: Scene["pace"];
  readonly #lives: Promise<void>[];
  #tally: Tally = { sent: 0, answered: 0 };
  #answeredBefore = 0;
  #isSettling = false;
  /** How often this machine stood still for so long that each of them may have been told lost. */
  #stalls = 0;
  readonly #stallWatch: ReturnType<typeof setInterval>;

  constructor(count: number, scene: Scene, journal: OutageJournal) {
    this.#journal = journal;
    this.#pace = scene.pace;
    this.#applications = Array.from(
      { length: count },
      (_, index) => new Application(`exhibit${index}`, scene, journal, () => this.#tally),
    );
    this.#lives = this.#applications.map((each) => each.live(() => !this.#isSettling));
    const stallMs = (scene.pace.delayMs + MARGIN_MS) * LOST_RATIO * HELD_UP_SHARE;
    let at = performance.now();
    this.#stallWatch = setInterval(() => {
      const now = performance.now();
      if (now - at > stallMs) this.#stalls++;
      at = now;
    }, STALL_WATCH_MS);
  }

  begin(): void {
    this.#answeredBefore += this.#tally.answered;
    this.#tally = { sent: 0, answered: 0 };
  }

  look(): Judge {
    const { sent, answered } = this.#tally;
    const excess = this.#excess();
    return (before, after) => [
      {
        law: "heartbeats: answered <= counted",
        value: requestsOf(after),
        atLeast: answered,
      },
      { law: "heartbeats: counted <= sent", value: requestsOf(before), atMost: sent },
      { law: "heartbeats: nobody is refused", value: refusalsOf(after), atMost: 0 },
      { law: "nobody is told lost who was not", value: excess, atMost: 0 },
    ];
  }

  async settle(): Promise<void> {
    this.#isSettling = true;
    const deadline = performance.now() + 2 * this.#pace.tellingMs;
    const isOver = () =>
      this.#applications.every(({ isAway }) => !isAway) &&
      this.#journal.openOf("hilbert").length === 0;
    while (!isOver() && performance.now() < deadline) await this.#journal.news(this.#pace.beatMs);
  }

  finalClaims(): Claim[] {
    const untold = this.#applications.reduce((sum, { untold }) => sum + untold, 0);
    const missed = this.#applications.reduce(
      (sum, { name, outages }) =>
        sum + Math.max(0, outages - this.#journal.outagesOf("hilbert", name)),
      0,
    );
    return [
      { law: "nobody is told lost who was not", value: this.#excess(), atMost: 0 },
      { law: "who is lost is told in time", value: untold, atMost: 0 },
      { law: "who was lost was told", value: missed, atMost: 0 },
      {
        law: "outages told = outages closed",
        value: this.#journal.openOf("hilbert").length,
        atMost: 0,
      },
    ];
  }

  figures(): Readonly<Record<string, number>> {
    const sum = (of: (each: Application) => number) =>
      this.#applications.reduce((total, each) => total + of(each), 0);
    return {
      "heartbeats answered": this.#answeredBefore + this.#tally.answered,
      "applications lost on purpose": sum(({ outages }) => outages),
      "stalls of this machine": this.#stalls,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#stallWatch);
    await Promise.all(this.#lives);
  }

  #excess(): number {
    return this.#applications.reduce((sum, { name, outages }) => {
      const told = this.#journal.outagesOf("hilbert", name);
      return sum + Math.max(0, told - outages - this.#stalls);
    }, 0);
  }
}

function requestsOf(metrics: Metrics): number {
  return COMMANDS.reduce(
    (sum, command) => sum + sampleOf(metrics, `hilbert_requests_total{command="${command}"}`),
    0,
  );
}

function refusalsOf(metrics: Metrics): number {
  return familyOf(metrics, "hilbert_refusals_total");
}
