/**
 * Ends commands that run until a signal or a given time.
 *
 * @module
 */

import { Timer } from "../net/timer.ts";

const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Waits for a signal or a time, whichever comes first. */
export class StopSignal implements Disposable {
  /** Resolves at the end. */
  readonly came: Promise<void>;
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  readonly #timer: Timer;
  readonly #end: () => void;

  /** @param forMs The time in milliseconds; `Infinity` waits for a signal only. */
  constructor(forMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = new AbortController();
    this.came = promise;
    this.signal = abort.signal;
    this.#end = () => {
      abort.abort();
      resolve();
    };
    for (const signal of SIGNALS) Deno.addSignalListener(signal, this.#end);
    this.#timer = Timer.after(forMs, this.#end);
  }

  /** Lets signals do again what they did before. */
  [Symbol.dispose](): void {
    this.#timer.stop();
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#end);
  }
}
