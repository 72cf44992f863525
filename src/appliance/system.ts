/**
 * The real world, as the command line hands it to an appliance.
 *
 * @module
 */

export { inBackground } from "../net/background.ts";
export { systemClock } from "../net/system_clock.ts";
export { settlesWithin, sleep } from "../net/sleep.ts";
export { Patience, Timer } from "../net/timer.ts";
export { notifierFromEnvironment } from "../net/systemd.ts";
