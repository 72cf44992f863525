/**
 * The time of the machine.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";

/** The system's monotonic and wall time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};
