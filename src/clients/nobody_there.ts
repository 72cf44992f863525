/**
 * Why nothing answers at a place.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";

/**
 * What to look at when a connection is refused: some ports are for their own machine unless an option
 * opens them to others.
 *
 * @param hostname The host that was asked.
 * @param option The option with which Pulsebox listens for other machines.
 */
export function nobodyThere(hostname: string, option: string): string {
  return isLoopback(hostname)
    ? "nothing listens there; is pulsebox running?"
    : `nothing listens there; is pulsebox running, with ${option} for other machines?`;
}
