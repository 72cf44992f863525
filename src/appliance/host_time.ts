/**
 * The time of a host, which stands still while the host cannot listen.
 *
 * @module
 */

import { type Clock, SECOND_MS } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import { ListeningTime } from "../core/listening_time.ts";
import { Timer } from "../net/timer.ts";

/** The interval of the pulse by which the host checks that it still runs, in milliseconds. */
export const PULSE_MS: number = SECOND_MS / 2;
/** A gap of this many milliseconds between two pulses means that the host could not listen. */
export const STALL_MS: number = SECOND_MS;

/** The worst delay is reported over this many pulses: a usual scrape interval of 15 s. */
const LAG_PULSES = 30;

/** Listening time, driven by a pulse; each absence becomes an event. */
export class HostTime implements Disposable {
  readonly #clock: Clock;
  readonly #listening: ListeningTime;
  readonly #pulse: Timer;
  /** How late the last pulses came, in milliseconds; a ring buffer. */
  readonly #lags = new Float64Array(LAG_PULSES);
  #pulses = 0;
  #pulsedAt: number;
  #absences = 0;
  #absentMs = 0;

  constructor(clock: Clock, events: Events) {
    this.#clock = clock;
    this.#listening = new ListeningTime(clock.now(), {
      pulseMs: PULSE_MS,
      stallMs: STALL_MS,
      onAbsence: (absentMs, at) => {
        this.#absences++;
        this.#absentMs += absentMs;
        events.publish({ type: "absence", at, absentMs });
      },
    });
    this.#pulsedAt = clock.now();
    this.#pulse = Timer.every(PULSE_MS, () => this.#onPulse());
  }

  /** Listening time in milliseconds. */
  now(): number {
    return this.#listening.at(this.#clock.now());
  }

  /** The host's punctuality, as metrics name it. */
  metrics(): Readonly<Record<string, number>> {
    return {
      pulsebox_loop_lag_seconds: Math.max(...this.#lags) / 1000,
      pulsebox_absences_total: this.#absences,
      pulsebox_absence_seconds_total: this.#absentMs / 1000,
    };
  }

  #onPulse(): void {
    const now = this.#clock.now();
    this.#lags[this.#pulses++ % LAG_PULSES] = Math.max(0, now - this.#pulsedAt - PULSE_MS);
    this.#pulsedAt = now;
    this.now();
  }

  [Symbol.dispose](): void {
    this.#pulse.stop();
  }
}
