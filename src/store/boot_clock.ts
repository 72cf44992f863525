/**
 * The machine's boot clock, which survives a restart of the program and ignores changes of the wall
 * clock.
 *
 * @module
 */

import * as z from "zod/mini";
import type { BootTime, Clock } from "../core/clock.ts";
import { WALL_STEP_MS } from "../core/wall_track.ts";
import type { Database } from "./database.ts";
import type { Meta } from "./meta.ts";
import { fromColumn } from "./text.ts";

/** Key of the stored pair of wall clock and boot clock. */
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
  /** Reads the machine's boot clock; if not given, there is none. */
  readonly bootTime?: (() => BootTime | undefined) | undefined;
}

/**
 * Measures the time between two runs within one boot, even if the wall clock was set meanwhile.
 */
export class BootClock {
  readonly #options: BootClockOptions;

  constructor(options: BootClockOptions) {
    this.#options = options;
  }

  /**
   * What the wall clock would show now if it had not been set since the earlier run, in unix
   * milliseconds.
   */
  wallOfEarlierRun(database: Database): number {
    const wallMs = this.#options.clock.wall();
    const now = this.#options.bootTime?.();
    const value = database.prepare(SELECT).get(BOOT_CLOCK_KEY)?.["value"];
    const kept = typeof value === "string" ? keptOf(fromColumn(value)) : undefined;
    if (now === undefined || kept?.bootId !== now.bootId) return wallMs;
    const expectedMs = now.sinceBootMs + kept.offsetMs;
    return Math.abs(wallMs - expectedMs) > WALL_STEP_MS ? expectedMs : wallMs;
  }

  /** Stores the wall clock's time for a later run. Call it whenever the clock was set. */
  note(): void {
    const { clock, meta, bootTime } = this.#options;
    const now = bootTime?.();
    if (now === undefined) return;
    const offsetMs = Math.round(clock.wall() - now.sinceBootMs);
    const kept = keptOf(meta.get(BOOT_CLOCK_KEY));
    // The boot clock has a resolution of a hundredth of a second, so smaller differences are not
    // written.
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
