/**
 * Changes of the strips of 24 hours that time alone causes; a change of state sends its member's
 * strip anyway.
 *
 * @module
 */

import { MINUTE_MS } from "../../core/clock.ts";
import type { Host } from "../host.ts";
import { PULSE_MEMBERS_MAX } from "./snapshot.ts";

/** How often the strips of all members are checked, in milliseconds. */
const LOOK_MS: number = MINUTE_MS;
/** Resolution of the comparison: a page shows tenths of a percent. */
const SHARE_STEPS = 1_000;

/** Strip, uptime and outages of 24 hours by the member's identity. */
export type Strips = Record<string, [strip: string, uptime24h: number | null, outages24h: number]>;

/** Finds the strips that have changed since the last check. */
export class StripFeed {
  readonly #told = new Map<string, string>();
  #lookedAt = -Infinity;

  /** The strips that look different on a page now; `undefined` if there are none. */
  changes(host: Host): Strips | undefined {
    const now = host.now();
    if (now - this.#lookedAt < LOOK_MS) return undefined;
    this.#lookedAt = now;
    const strips: Strips = {};
    const seen = new Set<string>();
    for (const roster of host.members.rosters()) {
      const { protocol } = roster.rules;
      for (const { id } of roster.values()) {
        if (seen.size >= PULSE_MEMBERS_MAX) break;
        const name = `${protocol}/${id}`;
        seen.add(name);
        const { strip, uptime24h, outages24h } = host.uptime.lastDay({ protocol, id });
        const share = uptime24h === null ? "" : Math.floor(uptime24h * SHARE_STEPS);
        const shown = `${strip} ${share} ${outages24h}`;
        if (this.#told.get(name) === shown) continue;
        this.#told.set(name, shown);
        strips[name] = [strip, uptime24h, outages24h];
      }
    }
    for (const name of [...this.#told.keys()]) if (!seen.has(name)) this.#told.delete(name);
    return Object.keys(strips).length === 0 ? undefined : strips;
  }
}
