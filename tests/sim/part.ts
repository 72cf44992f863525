/**
 * A kind of peers in a simulation, with what they do and how they are judged.
 *
 * @module
 */

import type { Operation } from "./ordeal.ts";
import type { Random } from "./random.ts";

/** What the host shows of its members. */
export interface Shown {
  readonly members: readonly { readonly id: string; readonly state: string }[];
  readonly verdict: {
    readonly members: readonly { readonly id: string; readonly state: string }[];
  };
}

/** Peers of one role. */
export interface Part {
  /** When one of them acts next by itself, in milliseconds of monotonic time; `Infinity` if none does. */
  nextAt(): number;
  /** It does so. */
  act(): Promise<void>;
  /** One of them begins something, or stops. */
  step(random: Random): Promise<void>;
  /** The host listened for so long, in milliseconds. */
  listen(ms: number): void;
  /** The host stood still for so long, in milliseconds. */
  stand(ms: number): void;
  /** The host is new; nobody could act since it ended. */
  restarted(): void;
  /** The host was killed now: what it has not written is lost. */
  killed?(): void;
  /** The host ends, and nobody can tell what is on its disk. */
  doubtDisk?(): void;
  /** The host has ended, in whatever way. */
  stopped?(): void;
  /** The maintenance of the whole host has ended. */
  hostResumed?(): void;
  /** An operation of the machine has failed: what that may cost is not held against the host. */
  forgive?(operation: Operation): void;
  /** Somebody else has connected to a port. */
  strangerAt?(port: number): void;
  /** @throws {Error} if one of them did not get what it was promised. */
  check(shown: Shown): Promise<void>;
}
