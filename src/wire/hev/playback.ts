/**
 * Plays a recording: each payload at its time, faster or slower, with alarms.
 *
 * @module
 */

import { A1_ALARMS, documentedPriority, PRIORITIES } from "./alarms.ts";
import { encodePayload, type Payload } from "./payload.ts";
import type { RecordedStep, Recording } from "./recording.ts";

/** Alarms for recordings that have none. */
export interface PlaybackAlarms {
  /** Milliseconds between two of them, in the recording's time; `Infinity` for none; 20 s. */
  everyMs?: number;
  /** When the first one comes, in the recording's time; 2 s. */
  firstMs?: number;
  /** Seed of the choice of alarms: the same seed gives the same alarms; 1. */
  seed?: number;
}

/** Options of {@linkcode Playback}. */
export interface PlaybackOptions {
  /** Seconds of the recording that pass in one second, more than 0; 1. */
  speed?: number;
  /** Whether the recording starts over after the last payload; `endless` if not given. */
  repeat?: "endless" | "once";
  /** The added alarms; the defaults if not given. */
  alarms?: PlaybackAlarms;
}

/** Default of {@linkcode PlaybackAlarms.everyMs}: as often as the originals' on average. */
export const ALARM_EVERY_MS = 20_000;
/** Default of {@linkcode PlaybackAlarms.firstMs}: soon enough for somebody who tries a client. */
export const ALARM_FIRST_MS = 2_000;

/**
 * A playback that is behind by more than this many milliseconds of real time goes on from where it is
 * instead of catching up: whoever takes the payloads was away, and would be flooded.
 */
export const BEHIND_MS_MAX = 1_000;

/** Plays one recording. Time is an argument, in milliseconds. */
export class Playback {
  readonly #recording: Recording;
  readonly #speed: number;
  readonly #repeat: "endless" | "once";
  readonly #alarmEveryMs: number;
  /** The moment of the beginning of the first pass. */
  #origin: number;
  #index = 0;
  #pass = 0;
  #alarmAtMs: number;
  #random: number;

  /** @throws {RangeError} if the speed is out of range. */
  constructor(recording: Recording, now: number, options: PlaybackOptions = {}) {
    const { speed = 1, repeat = "endless", alarms = {} } = options;
    if (!(speed > 0 && speed < Infinity)) {
      throw new RangeError(`Cannot play recording: speed is ${speed}, must be > 0 and finite`);
    }
    this.#recording = recording;
    this.#speed = speed;
    this.#repeat = repeat;
    this.#origin = now;
    this.#alarmEveryMs = alarms.everyMs ?? ALARM_EVERY_MS;
    this.#random = alarms.seed ?? 1;
    const wantsAlarms = !recording.hasAlarms && this.#alarmEveryMs < Infinity;
    this.#alarmAtMs = wantsAlarms ? alarms.firstMs ?? ALARM_FIRST_MS : Infinity;
  }

  /** When the next payload is due, in milliseconds; `undefined` after the last one. */
  nextWake(): number | undefined {
    const dueMs = this.#dueMs();
    return dueMs === undefined ? undefined : this.#origin + dueMs / this.#speed;
  }

  /** The next payload that is due; `undefined` if none is. Call it until it returns `undefined`. */
  next(now: number): RecordedStep | undefined {
    const wake = this.nextWake();
    if (wake === undefined || now < wake) return undefined;
    if (now - wake > BEHIND_MS_MAX) this.#origin += now - wake;
    if (this.#alarmAtMs < (this.#stepMs() ?? Infinity)) return this.#alarm();
    const step = this.#recording.step(this.#index, this.#pass);
    this.#index++;
    if (this.#index === this.#recording.length && this.#repeat === "endless") {
      this.#index = 0;
      this.#pass++;
    }
    return step;
  }

  #dueMs(): number | undefined {
    const stepMs = this.#stepMs();
    return stepMs === undefined ? undefined : Math.min(stepMs, this.#alarmAtMs);
  }

  #stepMs(): number | undefined {
    if (this.#index >= this.#recording.length) return undefined;
    return this.#pass * this.#recording.passMs + this.#recording.atMs(this.#index);
  }

  #alarm(): RecordedStep {
    const { version } = this.#recording;
    const names = A1_ALARMS.names;
    this.#random = nextRandom(this.#random);
    const name = names[this.#random % names.length] ?? "APNEA";
    const timestamp = Math.round(this.#alarmAtMs) % 2 ** 32;
    this.#alarmAtMs += this.#alarmEveryMs;
    const priority = PRIORITIES.code(documentedPriority(name)) ?? 0;
    const values = version === 0xa0
      ? { alarm_code: A1_ALARMS.code(name) ?? 0, param: 0 }
      : { timestamp, alarm_type: priority, alarm_code: A1_ALARMS.code(name) ?? 0, param: 0 };
    const payload: Payload = { version, type: "ALARM", values: { version, ...values } };
    return { payload, bytes: encodePayload(payload) };
  }
}

/** Xorshift of 32 bits (Marsaglia 2003); never 0 from a seed that is not. */
function nextRandom(state: number): number {
  let next = state | 0 || 1;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}
