/**
 * The record of a damaged database, kept in the database that replaces it.
 *
 * @module
 */

import * as z from "zod/mini";
import type { SavedRows } from "./salvage.ts";

/** Key of the record in the table `meta`. */
export const DAMAGE_KEY = "damaged-database";

/** What happened to a damaged database. */
export interface Damage {
  /** Where it is now; absent if it could not be kept. */
  readonly place: string;
  /** The rows that the new database has from it. */
  readonly saved: SavedRows;
}

const DamageSchema = z.object({ place: z.string(), saved: z.record(z.string(), z.number()) });

/** Encodes the value of {@linkcode DAMAGE_KEY}. */
export function noteOfDamage({ place, saved }: Damage): string {
  return JSON.stringify({ place, saved });
}

/** Reads the record; undefined if somebody edited it. */
export function damageOfNote(note: string): Damage | undefined {
  try {
    const parsed = z.safeParse(DamageSchema, JSON.parse(note));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Somebody edited the record: the damage is still worth a warning.
    return undefined;
  }
}
