/**
 * A kind of peers in a simulation, with what they do and how they are judged.
 *
 * @module
 */

import type { Random } from "./random.ts";

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
  /** @throws {Error} if one of them did not get what it was promised. */
  check(): Promise<void>;
}
