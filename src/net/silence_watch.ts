/**
 * Noticing that the other end has fallen silent.
 *
 * @module
 */

import { systemClock } from "./system_clock.ts";
import { Timer } from "./timer.ts";

/** Calls back once per silence, when it has lasted for a given time. */
export class SilenceWatch implements Disposable {
  readonly #silenceMs: number;
  readonly #onSilent: () => void;
  #heardAt = systemClock.now();
  #timer: Timer | undefined;
  #isOver = false;

  /**
   * Begins to listen.
   *
   * @param silenceMs In milliseconds; `Infinity` reports none.
   * @param onSilent Called with each silence.
   */
  constructor(silenceMs: number, onSilent: () => void) {
    this.#silenceMs = silenceMs;
    this.#onSilent = onSilent;
    this.#timer = Timer.after(silenceMs, this.#look).patient();
  }

  /** Notes that something was heard. */
  heard(): void {
    this.#heardAt = systemClock.now();
    if (this.#timer === undefined && !this.#isOver) {
      this.#timer = Timer.after(this.#silenceMs, this.#look).patient();
    }
  }

  /** Tells nothing more. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  /** The timer is not moved by what is heard: it looks how much is left. */
  readonly #look = (): void => {
    const leftMs = this.#heardAt + this.#silenceMs - systemClock.now();
    if (leftMs > 0) {
      this.#timer = Timer.after(leftMs, this.#look).patient();
      return;
    }
    this.#timer = undefined;
    this.#onSilent();
  };
}
