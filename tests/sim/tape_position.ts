/**
 * How far a recording has been played: what has come, and what may come at which time.
 *
 * @module
 */

import { ALARM_CODES, alarmName } from "./alarm_names.ts";
import type { Tape, Taped } from "./tape.ts";

/** How a recording is played. */
export interface TapeSettings {
  /** Seconds of the recording in one second. */
  readonly speed: number;
  /** Between two alarms that are added, in the recording's milliseconds; `Infinity` for none. */
  readonly alarmEveryMs: number;
  readonly alarmSeed: number;
}

/** Something that is played, and when in the recording's time (ms since its beginning). */
interface Step {
  readonly taped: Taped;
  readonly dueMs: number;
  /** It is an alarm that is not in the recording. */
  readonly isAdded: boolean;
}

/** When the first alarm is added, in the recording's milliseconds. */
const ALARM_FIRST_MS = 2_000;
/** Timers fire up to this much late, in milliseconds. */
const SLACK_MS = 2;
/** What divisions may do to a moment, in milliseconds. */
const ROUNDING_MS = 1e-3;
/** The host counts a standstill as at most this, in milliseconds. */
const STANDSTILL_COUNTS_MS_MAX = 500;

/** The place in a recording that is played over and over. */
export class TapePosition {
  readonly #tape: Tape;
  readonly #speed: number;
  readonly #alarmEveryMs: number;
  readonly #alarmSeed: number;
  /** When the recording began at the earliest and at the latest, in monotonic time (ms). */
  #least = 0;
  #most = 0;
  #played = 0;
  #index = 0;
  #pass = 0;
  #alarmAtMs = Infinity;
  #random = 0;

  constructor(tape: Tape, { speed, alarmEveryMs, alarmSeed }: TapeSettings) {
    this.#tape = tape;
    this.#speed = speed;
    const hasAlarms = tape.items.some(({ kind }) => kind === "alarm");
    this.#alarmEveryMs = hasAlarms ? Infinity : alarmEveryMs;
    this.#alarmSeed = alarmSeed;
  }

  /** How many steps have been played. */
  get played(): number {
    return this.#played;
  }

  /** It begins between two moments of monotonic time (ms). */
  begin(least: number, most: number): void {
    this.#least = least;
    this.#most = most;
    this.#played = this.#index = this.#pass = 0;
    this.#alarmAtMs = this.#alarmEveryMs === Infinity ? Infinity : ALARM_FIRST_MS;
    this.#random = this.#alarmSeed;
  }

  /** When the next step has been played for certain, in monotonic time (ms). */
  get certainAt(): number {
    return Math.ceil(this.#most + this.#next().dueMs / this.#speed) + SLACK_MS;
  }

  /** The next step if it may have been played by a moment. */
  possible(now: number): Taped | undefined {
    const { taped, dueMs } = this.#next();
    return now >= this.#least + dueMs / this.#speed - ROUNDING_MS ? taped : undefined;
  }

  /** How many more steps may have been played by a moment, as far as that is at most a number. */
  possibleSteps(now: number, most: number): number {
    const copy = this.#copy();
    let steps = 0;
    for (; steps < most && copy.possible(now) !== undefined; steps++) copy.#advance();
    return steps;
  }

  /** The next step has been played; it may have been so long ago, in milliseconds. */
  take(now: number): { readonly taped: Taped; readonly agoMs: number } {
    const { taped, dueMs } = this.#next();
    this.#advance();
    return { taped, agoMs: Math.max(0, now - (this.#least + dueMs / this.#speed)) };
  }

  /** The next step is seen to have been played by a moment. */
  seen(now: number): void {
    this.#narrow(-Infinity, now - this.#next().dueMs / this.#speed + ROUNDING_MS);
  }

  /** By a moment no more has been played than what was taken. */
  seenNoMore(now: number): void {
    this.#narrow(now - SLACK_MS - this.#next().dueMs / this.#speed, Infinity);
  }

  /** The host stood still for so long, in milliseconds. */
  stand(ms: number): void {
    this.#most += ms;
    this.#least += Math.max(0, ms - STANDSTILL_COUNTS_MS_MAX);
  }

  /** It may be so much later, in milliseconds. */
  doubt(ms: number): void {
    this.#most += ms;
  }

  #narrow(least: number, most: number): void {
    this.#least = Math.max(this.#least, least);
    this.#most = Math.max(this.#least, Math.min(this.#most, most));
  }

  #next(): Step {
    const { items, passMs } = this.#tape;
    const taped = items[this.#index];
    if (taped === undefined) throw new Error("The recording is empty");
    const dueMs = this.#pass * passMs + taped.atMs;
    if (this.#alarmAtMs >= dueMs) return { taped, dueMs, isAdded: false };
    const code = 1 + scrambled(this.#random) % ALARM_CODES;
    return {
      taped: { kind: "alarm", alarm: alarmName(code) },
      dueMs: this.#alarmAtMs,
      isAdded: true,
    };
  }

  #advance(): void {
    this.#played++;
    if (this.#next().isAdded) {
      this.#random = scrambled(this.#random);
      this.#alarmAtMs += this.#alarmEveryMs;
      return;
    }
    this.#index++;
    if (this.#index < this.#tape.items.length) return;
    this.#index = 0;
    this.#pass++;
  }

  #copy(): TapePosition {
    const copy = new TapePosition(this.#tape, {
      speed: this.#speed,
      alarmEveryMs: this.#alarmEveryMs,
      alarmSeed: this.#alarmSeed,
    });
    copy.#least = this.#least;
    copy.#most = this.#most;
    copy.#index = this.#index;
    copy.#pass = this.#pass;
    copy.#alarmAtMs = this.#alarmAtMs;
    copy.#random = this.#random;
    return copy;
  }
}

/** The next number of Marsaglia's generator of 32 bits, with the shifts 13, 17 and 5. */
function scrambled(state: number): number {
  let bits = BigInt(state === 0 ? 1 : state);
  bits ^= (bits << 13n) & 0xffff_ffffn;
  bits ^= bits >> 17n;
  bits ^= (bits << 5n) & 0xffff_ffffn;
  return Number(bits);
}
