/**
 * The real world, as the command line hands it to an appliance.
 *
 * @module
 */

export { systemClock } from "../net/system_clock.ts";
export { notifierFromEnvironment } from "../net/systemd.ts";
