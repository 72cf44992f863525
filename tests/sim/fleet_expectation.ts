/**
 * What one host of a fleet may be taken for by a console, worked out from what reached the console alone.
 *
 * A host promises to be heard each five seconds; it is late after two promises, lost after four. Silence
 * does not count while the console is deaf. None of the product's code is used. Where the time that
 * counts is uncertain, there are two bounds.
 *
 * @module
 */

/** Silence after which a host is late, and lost, in milliseconds. */
const LATE_MS = 10_000;
const LOST_MS = 20_000;
/** So many beats that are no news may be a host that begins again with smaller numbers. */
const OLDER_BEATS_MIN = 3;
/** Timers fire up to this much late, in milliseconds. */
const SLACK_MS = 3;

/** Whether the console can tell that nobody is silent. */
export type Hearing = "hears" | "maybe" | "deaf";

/** A state of a host in a fleet, as the console shows it. */
export type HostState = "starting" | "ok" | "late" | "lost";

/** One host. */
export class FleetExpectation {
  readonly host: string;
  /** The least and the most silence that may count, in milliseconds. */
  #least = 0;
  #most = 0;
  /** Whether a beat of it was heard in this run, or in an earlier one. */
  #isHeard: boolean;
  /** Perhaps the console does not know it, or knows an older state: a kill has undone that. */
  isDoubtful = false;
  /** Whether it may be known from its document alone. */
  #mayBeAnnounced: boolean;
  /** The newest beat in this run of the console. */
  #beat = { epoch: -1, n: -1 };

  /** Beats of one run that were no news. */
  #older = { epoch: -1, n: -1, count: 0 };
  /**
   * Whether others may have spoken in its name, or with a clock that was set back, for so long that the
   * console believes either.
   */
  isContested = false;

  /** Whether it may have been lost until it was heard. */
  #lastLoss = { until: -Infinity, isPossible: false };

  /** @param by What the console has heard of it first. */
  constructor(host: string, by: "beat" | "document") {
    this.host = host;
    this.#isHeard = by === "beat";
    this.#mayBeAnnounced = by === "document";
  }

  /** A beat of it has come. @return Whether it is a new one. */
  beat(epoch: number, n: number, now: number): boolean {
    const known = this.#beat;
    if (epoch < known.epoch || epoch === known.epoch && n <= known.n) {
      this.#noteOlder(epoch, n);
      return false;
    }
    this.#beat = { epoch, n };
    this.#lastLoss = { until: now, isPossible: this.#most + SLACK_MS >= LOST_MS };
    this.#least = 0;
    this.#most = 0;
    this.#isHeard = true;
    this.#mayBeAnnounced = false;
    return true;
  }

  #noteOlder(epoch: number, n: number): void {
    const { epoch: before, n: last, count } = this.#older;
    if (epoch !== before) this.#older = { epoch, n, count: 1 };
    else if (n > last) this.#older = { epoch, n, count: count + 1 };
    if (this.#older.count >= OLDER_BEATS_MIN) this.isContested = true;
  }

  /** Time has passed. */
  pass(ms: number, hearing: Hearing): void {
    if (hearing === "hears") this.#least += ms;
    else this.#least = excused(this.#least);
    if (hearing !== "deaf") this.#most += ms;
    else if (this.#most + SLACK_MS < LOST_MS) this.#most = excused(this.#most + SLACK_MS);
  }

  /** The console begins anew. */
  restart(): void {
    this.#beat = { epoch: -1, n: -1 };
    // What it was taken for last is what it begins with.
    if (this.isContested) this.isDoubtful = true;
    this.isContested = false;
    this.#older = { epoch: -1, n: -1, count: 0 };
    if (this.isDoubtful || !this.#isCertainlyLost) this.#least = 0;
    if (this.isDoubtful) this.doubt();
    else if (this.#most + SLACK_MS < LOST_MS) this.#most = excused(this.#most + SLACK_MS);
  }

  /** The console may know it already, in whatever state. */
  doubt(): void {
    this.isDoubtful = true;
    this.#most = Infinity;
    this.#mayBeAnnounced = true;
    this.#isHeard = true;
  }

  /** A document of it has come: one that was never heard, and is not lost, gets its time to be heard. */
  document(): void {
    if (!this.#mayBeAnnounced || this.#isCertainlyLost) return;
    this.#least = 0;
    if (!this.#isHeard && this.#most + SLACK_MS < LOST_MS) this.#most = 0;
  }

  /** Whether its state cannot have changed in the last milliseconds. */
  isSettled(ms: number): boolean {
    return !this.isContested &&
      [LATE_MS, LOST_MS].every((edge) =>
        this.#most + SLACK_MS < edge || this.#least - SLACK_MS - ms >= edge
      );
  }

  /** Whether it may have been lost since then. */
  mayBeLost(since: number): boolean {
    const { until, isPossible } = this.#lastLoss;
    return this.isContested || this.#most + SLACK_MS >= LOST_MS || isPossible && until >= since;
  }

  get #isCertainlyLost(): boolean {
    return this.#least - SLACK_MS >= LOST_MS;
  }

  /** All states that may be shown for it now. */
  allowed(): Set<HostState> {
    if (this.isContested) return new Set(["starting", "ok", "late", "lost"]);
    const least = this.#least - SLACK_MS;
    const most = this.#most + SLACK_MS;
    const states = new Set<HostState>();
    if (this.#mayBeAnnounced && least < LOST_MS) states.add("starting");
    if (this.#isHeard && least < LATE_MS) states.add("ok");
    if (this.#isHeard && least < LOST_MS && most >= LATE_MS) states.add("late");
    if (most >= LOST_MS) states.add("lost");
    return states;
  }

  toString(): string {
    return `${this.host}: silent for ${this.#least} to ${this.#most} ms`;
  }
}

/** What of a silence still counts after a time in which nobody was heard, in milliseconds. */
function excused(silentMs: number): number {
  if (silentMs >= LOST_MS) return silentMs;
  return silentMs >= LATE_MS ? LATE_MS : 0;
}
