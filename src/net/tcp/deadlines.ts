/**
 * Deadlines of many connections under one timer.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { type Lease, LeaseTable } from "../../core/lease_table.ts";
import { CoarseClock } from "./coarse_clock.ts";
import { EXCUSE_MS_MAX, LATE_MS } from "../timer.ts";
import { WakeTimer } from "../wake_timer.ts";

/** An object with a deadline. */
export interface Watched {
  /**
   * Called at the requested time, or later.
   *
   * @param now Monotonic time in milliseconds.
   * @return The next time to be called, in milliseconds; `Infinity` for never, unless a new time is
   * requested.
   */
  check(now: number): number;
}

/**
 * How long after a deadline it is checked, in milliseconds: meanwhile, the event loop turns a few
 * times and asks the system what has arrived.
 */
const LAST_LOOK_MS = 20;

/**
 * How often a deadline is postponed by {@linkcode EXCUSE_MS_MAX}, so that even a host which never
 * keeps up gets rid of silent peers.
 */
const EXCUSES_MAX = 5;

/**
 * Calls back when deadlines come, for any number of connections with one timer. Postponing a
 * deadline costs nothing: the watched object returns its new deadline when it is checked.
 *
 * While the process does not run or has too much to do, it learns late what its peers have sent and
 * read. A deadline is therefore postponed until the process has kept up for a while, and checked
 * only after a last look at what the system has for us.
 */
export class Deadlines implements Disposable {
  /** A clock that is cheap to read; deadlines are on this clock. */
  readonly clock: CoarseClock;
  readonly #clock: Clock;
  readonly #leases: LeaseTable<WatchEntry>;
  readonly #timer: WakeTimer;
  /** When a deadline was last noticed late, in milliseconds. */
  #lateAt = -Infinity;

  /** @param clock The clock of the deadlines. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.clock = new CoarseClock(clock);
    this.#leases = new LeaseTable({ now: clock.now(), slots: 1024 });
    this.#timer = new WakeTimer({
      now: () => clock.now(),
      nextWake: () => this.#leases.nextWake(),
      advance: (now) => this.#leases.advance(now, this.#onEnd),
    });
  }

  /**
   * Starts to watch.
   *
   * @param watched Who is called.
   * @param at When, in milliseconds.
   */
  watch(watched: Watched, at: number): Watch {
    const entry: WatchEntry = {
      watched,
      lease: undefined,
      at: Infinity,
      isLastLook: false,
      excuses: 0,
    };
    this.#arm(entry, at);
    return entry;
  }

  /** Makes sure that the watched object is called no later than a given time. */
  checkBy(watch: Watch, at: number): void {
    const entry = watch as WatchEntry;
    if (at >= entry.at || entry.lease === ENDED) return;
    entry.isLastLook = false;
    this.#arm(entry, at);
  }

  /** Ends a watch. */
  unwatch(watch: Watch): void {
    const entry = watch as WatchEntry;
    if (typeof entry.lease === "number" && entry.lease !== ENDED) this.#leases.remove(entry.lease);
    entry.lease = ENDED;
  }

  /** Ends all watching. */
  close(): void {
    this.#timer.close();
    this.clock.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(entry: WatchEntry, at: number): void {
    entry.at = at;
    if (at === Infinity) return;
    if (entry.lease === undefined || !this.#leases.renew(entry.lease, at)) {
      entry.lease = this.#leases.add(entry, at);
    }
    this.#timer.poke(at);
  }

  readonly #onEnd = (entry: WatchEntry, deadline: number): void => {
    entry.lease = undefined;
    entry.at = Infinity;
    const now = this.#clock.now();
    if (now - deadline > LATE_MS) this.#lateAt = now;
    const excusedUntil = Math.max(this.#lateAt, this.clock.lateAt) + EXCUSE_MS_MAX;
    if (now < excusedUntil && entry.excuses < EXCUSES_MAX) {
      entry.excuses++;
      return this.#arm(entry, excusedUntil);
    }
    entry.isLastLook = !entry.isLastLook;
    if (entry.isLastLook) return this.#arm(entry, now + LAST_LOOK_MS);
    entry.excuses = 0;
    const at = entry.watched.check(now);
    if (entry.lease !== ENDED) this.#arm(entry, at);
  };
}

/** Identifies one watch of one {@linkcode Deadlines}. */
export interface Watch {
  /** When the next check is, in milliseconds. */
  readonly at: number;
}

/** Stored instead of a lease when the watch has ended. */
const ENDED = -1;

interface WatchEntry extends Watch {
  readonly watched: Watched;
  lease: Lease | undefined;
  at: number;
  /** Its deadline has passed. */
  isLastLook: boolean;
  /** How often the deadline was postponed. */
  excuses: number;
}
