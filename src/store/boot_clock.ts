/**
 * A clock that no restart of the program and no setting of the wall clock changes.
 *
 * @module
 */

import * as z from "zod/mini";
import type { BootTime, Clock } from "../core/clock.ts";
import { WALL_STEP_MS } from "../core/wall_track.ts";
import type { Database } from "./database.ts";
import type { Meta } from "./meta.ts";
import { fromColumn } from "./text.ts";

/** Key under which it is kept what the wall clock showed by the clock of which boot. */
const BOOT_CLOCK_KEY = "boot-clock";
const SELECT = "SELECT value FROM meta WHERE key = ?";
/** Longest name of a boot, in UTF-16 code units. */
const BOOT_ID_LENGTH_MAX = 64;

const Kept = z.object({
  bootId: z.string().check(z.maxLength(BOOT_ID_LENGTH_MAX)),
  offsetMs: z.number(),
});

/** Options of {@linkcode BootClock}. */
export interface BootClockOptions {
  readonly clock: Clock;
  readonly meta: Meta;
  /** Reads the machine's clock; there is none if not given. */
  readonly bootTime?: (() => BootTime | undefined) | undefined;
}

/** Knows how much time went by between two runs of one boot, though the wall clock was set. */
export class BootClock {
  readonly #options: BootClockOptions;

  constructor(options: BootClockOptions) {
    this.#options = options;
  }

  /** What the wall clock would show now, had nobody set it since the earlier run; in unix milliseconds. */
  wallOfEarlierRun(database: Database): number {
    const wallMs = this.#options.clock.wall();
    const now = this.#options.bootTime?.();
    const value = database.prepare(SELECT).get(BOOT_CLOCK_KEY)?.["value"];
    const kept = typeof value === "string" ? keptOf(fromColumn(value)) : undefined;
    if (now === undefined || kept?.bootId !== now.bootId) return wallMs;
    const expectedMs = now.sinceBootMs + kept.offsetMs;
    return Math.abs(wallMs - expectedMs) > WALL_STEP_MS ? expectedMs : wallMs;
  }

  /** Keeps what the wall clock shows, for a later run. To be called whenever it was set. */
  note(): void {
    const { clock, meta, bootTime } = this.#options;
    const now = bootTime?.();
    if (now === undefined) return;
    const offsetMs = Math.round(clock.wall() - now.sinceBootMs);
    const kept = keptOf(meta.get(BOOT_CLOCK_KEY));
    // The machine's clock is read in hundredths of a second: nothing is written for these.
    const isSame = kept?.bootId === now.bootId &&
      Math.abs(kept.offsetMs - offsetMs) <= WALL_STEP_MS;
    if (!isSame) meta.set(BOOT_CLOCK_KEY, JSON.stringify({ bootId: now.bootId, offsetMs }));
  }
}

function keptOf(text: string | undefined): z.infer<typeof Kept> | undefined {
  if (text === undefined) return undefined;
  try {
    return z.safeParse(Kept, JSON.parse(text)).data;
  } catch {
    // Not JSON: somebody edited the database.
    return undefined;
  }
}
