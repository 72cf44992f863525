/**
 * Time that passes only when the simulation says so.
 *
 * @module
 */

import { setImmediate } from "node:timers";

interface Waiting {
  readonly id: number;
  readonly at: number;
  readonly everyMs: number | undefined;
  readonly callback: () => void;
}

/** Turns of the real event loop without any work, after which nothing is under way any more. */
const QUIET_TURNS = 2;
/** Turns after which a simulation that finds no rest is given up. */
const TURNS_MAX = 200_000;

/**
 * The clocks and timers of the whole program. Between two timers everything that is under way is
 * finished first, so that the same timers always find the same state.
 */
export class VirtualTime {
  /** Monotonic time in milliseconds. */
  #now = 1_000;
  /** What the wall clock shows beyond the monotonic time, in milliseconds. */
  #wallOffsetMs: number;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** Counts what happens, to notice when nothing happens any more. */
  #activity = 0;
  /** Calls to the real system that have not come back. */
  #underWay = 0;
  readonly #real = {
    Date,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    now: performance.now.bind(performance),
    unrefTimer: Deno.unrefTimer,
    refTimer: Deno.refTimer,
  };

  /** @param wallMs What the wall clock shows at first, in unix milliseconds. */
  constructor(wallMs: number) {
    this.#wallOffsetMs = wallMs - this.#now;
  }

  /** Monotonic time in milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Wall time in unix milliseconds. */
  get wall(): number {
    return Math.floor(this.#now + this.#wallOffsetMs);
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#waiting.size;
  }

  /** Monotonic time of the real machine, in milliseconds. */
  realNow(): number {
    return this.#real.now();
  }

  /** Lets real time pass, and nothing else. */
  async pauseForReal(ms: number): Promise<void> {
    await new Promise<void>((resolve) => void this.#real.setTimeout(resolve, ms));
  }

  /** Sets the wall clock forward or back. */
  stepWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Notes that something has happened. */
  noteActivity(): void {
    this.#activity++;
  }

  /** Waits for a real call before time goes on. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work;
    } finally {
      this.#underWay--;
      this.#activity++;
    }
  }

  /** Calls back later. */
  after(ms: number, callback: () => void): number {
    return this.#arm(ms, undefined, callback);
  }

  /** Calls back no more. */
  cancel(id: number | undefined): void {
    if (id !== undefined) this.#waiting.delete(id);
  }

  /** Drops all timers: whoever waits for one waits for ever. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Lets time pass without letting anybody notice: the process does not run meanwhile. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, timer by timer. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      this.#fire(next);
      await this.settle();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Waits until nothing is under way any more. */
  async settle(): Promise<void> {
    let quiet = 0;
    for (let turns = 0; quiet < QUIET_TURNS; turns++) {
      if (turns > TURNS_MAX) throw new Error("The simulation finds no rest: something spins");
      const before = this.#activity;
      await new Promise<void>((resolve) => void setImmediate(resolve));
      quiet = this.#activity === before && this.#underWay === 0 ? quiet + 1 : 0;
    }
  }

  /** Takes the place of the machine's clocks and timers until disposed of. */
  install(): Disposable {
    // deno-lint-ignore no-this-alias
    const time = this;
    const RealDate = this.#real.Date;
    class VirtualDate extends RealDate {
      constructor(...args: unknown[]) {
        // @ts-expect-error: the constructor of Date has many forms.
        super(...(args.length === 0 ? [time.wall] : args));
      }
      static override now(): number {
        return time.wall;
      }
    }
    const arm = (every: boolean) => (callback: () => void, ms = 0, ...args: unknown[]) => {
      const call = callback as (...args: unknown[]) => void;
      return this.#arm(ms, every ? Math.max(ms, 1) : undefined, () => call(...args));
    };
    Object.assign(performance, { now: () => this.#now });
    // The runtime hashes on another thread, which knows nothing of virtual time.
    const { subtle } = crypto;
    const digest = subtle.digest.bind(subtle);
    Object.assign(subtle, {
      digest: (...args: Parameters<SubtleCrypto["digest"]>) => this.during(digest(...args)),
    });
    Object.assign(globalThis, {
      Date: VirtualDate,
      setTimeout: arm(false),
      setInterval: arm(true),
      clearTimeout: (id?: number) => this.cancel(id),
      clearInterval: (id?: number) => this.cancel(id),
    });
    Object.assign(Deno, { unrefTimer: () => {}, refTimer: () => {} });
    return {
      [Symbol.dispose]: () => {
        const { now, unrefTimer, refTimer, ...globals } = this.#real;
        Object.assign(performance, { now });
        Object.assign(subtle, { digest });
        Object.assign(globalThis, globals);
        Object.assign(Deno, { unrefTimer, refTimer });
      },
    };
  }

  #arm(ms: number, everyMs: number | undefined, callback: () => void): number {
    this.#activity++;
    const id = ++this.#lastId;
    const waitMs = Math.max(0, Number.isNaN(Number(ms)) ? 0 : Number(ms));
    // As the runtime: what does not fit into 31 bits fires at once.
    const at = this.#now + (waitMs > 2 ** 31 - 1 ? 0 : Math.ceil(waitMs));
    this.#waiting.set(id, { id, at, everyMs, callback });
    return id;
  }

  /** The first timer to fire; of several at one time, the one that was armed first. */
  #next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const one of this.#waiting.values()) {
      if (first === undefined || one.at < first.at) first = one;
    }
    return first;
  }

  #fire({ id, at, everyMs, callback }: Waiting): void {
    this.#activity++;
    this.#waiting.delete(id);
    if (everyMs !== undefined) {
      this.#waiting.set(id, { id, at: Math.max(at, this.#now) + everyMs, everyMs, callback });
    }
    callback();
  }
}
