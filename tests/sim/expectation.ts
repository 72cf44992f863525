/**
 * What an application may be taken for, worked out from what it did alone.
 *
 * The rules are those of the protocol's specification: with W the promise, silence of 3 W is late, of 5 W lost, of 6 W
 * gone. None of the product's code is used. Where the time that counts is uncertain (the host stood still, or
 * was restarted), there are two bounds, and every state between them may be shown.
 *
 * @module
 */

/** States as the API names them. */
export type Shown = "unknown" | "starting" | "ok" | "late" | "lost" | "gone";

/** Whether the whole host is in maintenance, as far as can be told. */
export type HostPause = "none" | "maybe" | "certain";

/** Silence, in multiples of W. */
const LATE = 3;
const LOST = 5;
const GONE = 6;
/** Timers fire up to this much late, in milliseconds. */
const SLACK_MS = 3;
/** The host counts a standstill as at most this, in milliseconds. */
const STANDSTILL_COUNTS_MS_MAX = 500;

/** One application. */
export class Expectation {
  readonly id: string;
  promiseMs: number;
  /** What it is while it is well. */
  #well: "starting" | "ok";
  /** The least and the most silence that may count, in milliseconds. */
  #least = 0;
  #most = 0;
  #failed = false;
  /** The least and the most that is left of its maintenance, in milliseconds; 0 if it has none. */
  #pausedLeast = 0;
  #pausedMost = 0;
  /** It said goodbye in its maintenance: nothing but that is left. */
  isAbsent = false;
  /** Its record may be older than what it did last: the host was killed right after that. */
  #isRecordOld = false;
  /** The same of its maintenance. */
  #isPauseOld = false;
  /** When it last did something that is written down, in milliseconds. */
  #changedAt: number;
  #pauseChangedAt = -Infinity;
  /** How long the host stood still in its maintenance: a restart counts that time, in milliseconds. */
  #stoodMs = 0;

  constructor(id: string, promiseMs: number, kind: "starting" | "ok", now: number) {
    this.id = id;
    this.promiseMs = promiseMs;
    this.#well = kind;
    this.#changedAt = now;
  }

  /** Whether it may be in maintenance, and whether it certainly is. */
  get pause(): "none" | "maybe" | "certain" {
    if (this.#pausedLeast > 0) return "certain";
    return this.#pausedMost > 0 ? "maybe" : "none";
  }

  /** It was heard. */
  hear(promiseMs: number, kind: "starting" | "ok", now: number): void {
    const wasWell = this.allowed().size === 1 && this.allowed().has(kind) && !this.isAbsent;
    if (!wasWell || promiseMs !== this.promiseMs || this.#isRecordOld) this.#changedAt = now;
    this.promiseMs = promiseMs;
    this.#well = kind;
    this.#least = 0;
    this.#most = 0;
    this.#failed = false;
    this.isAbsent = false;
    this.#isRecordOld = false;
  }

  /** Nobody can tell what is known of it. */
  get isUncertain(): boolean {
    return this.#isRecordOld || this.#isPauseOld;
  }

  /** It said goodbye in its maintenance, which may be over. */
  leave(now: number): void {
    this.isAbsent = true;
    this.#changedAt = now;
    if (this.pause === "maybe") this.#isRecordOld = true;
  }

  /** The host was killed: what it did less than `unwrittenMs` ago may be forgotten. */
  kill(now: number, unwrittenMs: number): void {
    if (now - this.#changedAt < unwrittenMs) this.#isRecordOld = true;
    if (now - this.#pauseChangedAt >= unwrittenMs) return;
    this.#isPauseOld = true;
    this.#pausedLeast = 0;
    this.#pausedMost = Infinity;
  }

  /** It, or its supervisor, said that it has failed. */
  fail(promiseMs: number, now: number): void {
    this.hear(promiseMs, "ok", now);
    this.#failed = true;
    this.#changedAt = now;
  }

  /** Its maintenance begins. */
  begin(pauseMs: number, now: number): void {
    this.#pausedLeast = pauseMs;
    this.#pausedMost = pauseMs;
    this.#pauseChangedAt = now;
    this.#isPauseOld = false;
    this.#stoodMs = 0;
  }

  /** An operator ends its maintenance. */
  end(now: number): void {
    this.#isPauseOld = false;
    if (this.#pausedMost === 0) return;
    this.#pausedLeast = 0;
    this.#pausedMost = 0;
    this.#least = 0;
    this.#pauseChangedAt = now;
  }

  /** The host listened for so long. */
  listen(ms: number, hostPause: HostPause): void {
    this.#pass(ms, ms, hostPause);
    if (this.isAbsent && this.pause !== "certain") this.#isRecordOld = true;
  }

  /** The host stood still for so long. */
  stand(ms: number, hostPause: HostPause): void {
    this.#stoodMs += ms;
    this.#pass(0, STANDSTILL_COUNTS_MS_MAX, hostPause);
  }

  /** The host's maintenance has ended: silence in it does not count. */
  excuse(): void {
    this.#least = 0;
  }

  /** The host was away for so long, and has begun anew. */
  restart(awayMs: number): void {
    this.#pausedLeast = Math.max(0, this.#pausedLeast - awayMs - this.#stoodMs - 1_500);
    this.#pausedMost = Math.max(0, this.#pausedMost - awayMs + 1_500);
    this.#least = 0;
    if (this.isAbsent && this.pause !== "certain") this.#isRecordOld = true;
  }

  /** All states that may be shown for it now. */
  allowed(): Set<Shown> {
    if (this.isAbsent) return new Set(["unknown"]);
    const least = (this.#least - SLACK_MS) / this.promiseMs;
    const most = (this.#most + SLACK_MS) / this.promiseMs;
    const states = new Set<Shown>();
    if (least < LATE && !this.#failed) states.add(this.#well);
    if (least < LOST && most >= LATE && !this.#failed) states.add("late");
    if (least < GONE && (most >= LOST || this.#failed)) states.add("lost");
    if (most >= GONE) states.add("gone");
    return states;
  }

  #pass(least: number, most: number, hostPause: HostPause): void {
    const afterLeast = Math.max(0, least - this.#pausedMost);
    const afterMost = Math.max(0, most - this.#pausedLeast);
    const ends = this.#pausedMost > 0 && most >= this.#pausedLeast;
    const wasPaused = this.#pausedMost > 0;
    this.#pausedLeast = Math.max(0, this.#pausedLeast - most);
    this.#pausedMost = Math.max(0, this.#pausedMost - least);
    if (hostPause !== "none") {
      if (ends) this.#least = 0;
      if (hostPause === "maybe") this.#most += afterMost;
      return;
    }
    this.#least = ends ? afterLeast : wasPaused ? this.#least : this.#least + afterLeast;
    this.#most += afterMost;
  }
}
