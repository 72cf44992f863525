/**
 * The end of a command that runs until somebody ends it.
 *
 * @module
 */

const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
/** Longer waits than timers can count are for ever. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Waits for a signal or for the end of a time, whichever comes first. */
export class StopSignal implements Disposable {
  /** Resolves at the end. */
  readonly came: Promise<void>;
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
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
    if (forMs <= TIMER_MS_MAX) this.#timer = setTimeout(this.#end, forMs);
  }

  /** Lets signals do again what they did before. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#end);
  }
}
