/**
 * What is written down of a damaged database, in the one that replaces it.
 *
 * @module
 */

import * as z from "zod/mini";
import type { SavedRows } from "./salvage.ts";

/** Key under which the values that outlive a run keep it. */
export const DAMAGE_KEY = "damaged-database";

/** What became of a damaged database. */
export interface Damage {
  /** Where it is now. */
  readonly place: string;
  /** What the new database has of it. */
  readonly saved: SavedRows;
}

const DamageSchema = z.object({ place: z.string(), saved: z.record(z.string(), z.number()) });

/** Makes the value of {@linkcode DAMAGE_KEY}. */
export function noteOfDamage({ place, saved }: Damage): string {
  return JSON.stringify({ place, saved });
}

/** Reads such a value; undefined if somebody has changed it. */
export function damageOfNote(note: string): Damage | undefined {
  try {
    const parsed = z.safeParse(DamageSchema, JSON.parse(note));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Somebody edited the database: that there was damage is still worth a warning.
    return undefined;
  }
}
