/**
 * The time of a host: it stands still while the host could not listen.
 *
 * @module
 */

import { type Clock, SECOND_MS } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import { ListeningTime } from "../core/listening_time.ts";

/** How often the host makes sure that it still runs, in milliseconds. */
export const PULSE_MS: number = SECOND_MS / 2;
/** A gap of this many milliseconds between two pulses means that the host could not listen. */
export const STALL_MS: number = SECOND_MS;

/** Listening time under a pulse of its own; each absence becomes an event. */
export class HostTime implements Disposable {
  readonly #clock: Clock;
  readonly #listening: ListeningTime;
  readonly #pulse: ReturnType<typeof setInterval>;

  constructor(clock: Clock, events: Events) {
    this.#clock = clock;
    this.#listening = new ListeningTime(clock.now(), {
      pulseMs: PULSE_MS,
      stallMs: STALL_MS,
      onAbsence: (absentMs, at) => events.publish({ type: "absence", at, absentMs }),
    });
    this.#pulse = setInterval(() => this.now(), PULSE_MS);
  }

  /** Listening time in milliseconds. */
  now(): number {
    return this.#listening.at(this.#clock.now());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pulse);
  }
}
