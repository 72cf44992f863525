/**
 * Timers of any length: the only place where the runtime's timers are armed.
 *
 * The runtime's timers count 31 bits of milliseconds: a longer wait fires at once, and so do `NaN`
 * and `Infinity`. Here a wait may have any length, and `Infinity` means never.
 *
 * @module
 */

/** The longest wait that the runtime's timers can count, in milliseconds: 24.8 days. */
export const TIMER_STEP_MS_MAX: number = 2 ** 31 - 1;

/**
 * A call that is later than this many milliseconds means that the process did not run, or was busy.
 * What arrived in the meantime has not been read yet, so silence proves nothing.
 */
export const LATE_MS = 50;
/** The longest time that is given to what arrived in the meantime, in milliseconds. */
export const EXCUSE_MS_MAX = 1_000;

/**
 * How much longer to wait before somebody's silence counts, because this process was late itself.
 *
 * @param lateMs How late it noticed the deadline, in milliseconds.
 * @return In milliseconds; 0 if it noticed in time.
 */
export function excuseMs(lateMs: number): number {
  return lateMs > LATE_MS ? Math.min(lateMs, EXCUSE_MS_MAX) : 0;
}

/** Calls back later, once or again and again. */
export class Timer implements Disposable {
  readonly #callback: () => void;
  readonly #everyMs: number | undefined;
  #at: number;
  #step: ReturnType<typeof setTimeout> | undefined;
  #hasMoreSteps = false;
  #isBackground = false;
  #isPatient = false;

  private constructor(callback: () => void, waitMs: number, everyMs: number | undefined) {
    if (Number.isNaN(waitMs)) throw new RangeError("Cannot start timer: the wait is not a number");
    this.#callback = callback;
    this.#everyMs = everyMs;
    this.#at = performance.now() + waitMs;
    this.#arm(waitMs);
  }

  /**
   * Calls back once.
   *
   * @param waitMs Milliseconds; fractions are rounded up, less than 0 counts as 0, `Infinity` is never.
   * @throws {RangeError} if the wait is not a number.
   */
  static after(waitMs: number, callback: () => void): Timer {
    return new Timer(callback, waitMs, undefined);
  }

  /**
   * Calls back again and again, at multiples of the interval from now. Calls that were missed,
   * because the process did not run, are skipped.
   *
   * @param everyMs Milliseconds; less than 1 counts as 1, `Infinity` is never.
   * @throws {RangeError} if the interval is not a number.
   */
  static every(everyMs: number, callback: () => void): Timer {
    const intervalMs = Math.max(everyMs, 1);
    return new Timer(callback, intervalMs, intervalMs);
  }

  /** Lets the program end although the timer runs. */
  unref(): this {
    this.#isBackground = true;
    if (this.#step !== undefined) Deno.unrefTimer(this.#step);
    return this;
  }

  /**
   * For timeouts that end a silent peer: if the process did not run and the callback is late, it waits
   * until everything that arrived in the meantime has been handled.
   */
  patient(): this {
    this.#isPatient = true;
    return this;
  }

  /** Stops the timer: its callback is not called again. Idempotent. */
  stop(): void {
    clearTimeout(this.#step);
    this.#step = undefined;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #arm(waitMs: number): void {
    if (waitMs === Infinity) return;
    // Timers count whole milliseconds: round up, or the call would come slightly too early.
    const stepMs = Math.min(Math.ceil(Math.max(waitMs, 0)), TIMER_STEP_MS_MAX);
    this.#hasMoreSteps = waitMs > stepMs;
    this.#step = setTimeout(this.#onStep, stepMs);
    if (this.#isBackground) Deno.unrefTimer(this.#step);
  }

  readonly #onStep = (): void => {
    this.#step = undefined;
    const now = performance.now();
    if (this.#hasMoreSteps) return this.#arm(this.#at - now);
    const excusedMs = this.#isPatient ? excuseMs(now - this.#at) : 0;
    if (excusedMs > 0) {
      this.#at = now + excusedMs;
      return this.#arm(excusedMs);
    }
    if (this.#everyMs !== undefined) {
      const missed = Math.max(Math.floor((now - this.#at) / this.#everyMs), 0);
      this.#at += (missed + 1) * this.#everyMs;
      this.#arm(this.#at - now);
    }
    this.#callback();
  };
}

/**
 * A signal that is aborted after a timeout, or with another signal. It does not keep the program
 * from ending.
 *
 * @example
 * ```ts ignore
 * using patience = new Patience(5_000, signal);
 * await Deno.connect({ port, signal: patience.signal });
 * ```
 */
export class Patience implements Disposable {
  /** Aborted at the end, with a `TimeoutError` or the reason of the other signal. */
  readonly signal: AbortSignal;
  readonly #timer: Timer;
  readonly #other: AbortSignal | undefined;
  readonly #controller = new AbortController();
  #isOver = false;

  /**
   * @param waitMs Milliseconds as in {@linkcode Timer.after}.
   * @param other Ends it early.
   */
  constructor(waitMs: number, other?: AbortSignal) {
    this.signal = this.#controller.signal;
    this.#other = other;
    this.#timer = Timer.after(waitMs, () => {
      this.#isOver = true;
      this.#controller.abort(new DOMException("The time is over", "TimeoutError"));
    }).patient().unref();
    if (other?.aborted) this.#onOther();
    else other?.addEventListener("abort", this.#onOther);
  }

  /** Whether the timeout came first. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Releases the timer and the other signal; its own signal is then never aborted. */
  [Symbol.dispose](): void {
    this.#timer.stop();
    this.#other?.removeEventListener("abort", this.#onOther);
  }

  readonly #onOther = (): void => {
    this.#timer.stop();
    this.#controller.abort(this.#other?.reason);
  };
}
