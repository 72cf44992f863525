/**
 * The warning about a damaged database, which survives restarts until an operator confirms it.
 *
 * @module
 */

import { DAMAGE_KEY, damageOfNote, noteOfDamage } from "./damage_note.ts";
import type { Meta } from "./meta.ts";
import type { Rescue } from "./rescue.ts";
import type { SavedRows } from "./salvage.ts";
import type { StoreLog } from "./store_options.ts";

/** The warning that an operator must confirm; it is kept with the values that outlive a run. */
export class DamageWarning {
  readonly #meta: Meta;
  readonly #log: StoreLog;

  constructor(meta: Meta, log: StoreLog) {
    this.#meta = meta;
    this.#log = log;
  }

  /**
   * Sets the warning.
   *
   * @return One sentence for the event.
   */
  raise(rescue: Rescue): string {
    const { place, reason, saved } = rescue;
    this.#meta.set(DAMAGE_KEY, noteOfDamage(rescue));
    const rows = describeSaved(saved);
    const message = "Started a new database, the damaged one is {place}, {rows}: {reason}";
    this.#log.error(message, { place, rows, reason });
    return `${reason}, the database was set aside as "${place}", ${rows}`;
  }

  /** One sentence, or none. */
  sentences(): string[] {
    const note = this.#meta.get(DAMAGE_KEY);
    if (note === undefined) return [];
    const damage = damageOfNote(note);
    const what = damage === undefined
      ? "The database was damaged"
      : `The database was damaged and is kept as "${damage.place}", ${describeSaved(damage.saved)}`;
    return [`${what}: check the members and the maintenance, then confirm this warning`];
  }

  /** Removes the warning after an operator has confirmed it. */
  confirm(): void {
    // Nobody confirms what nobody has seen: the warning of an earlier run may not be restored yet.
    if (this.#meta.get(DAMAGE_KEY) !== undefined) this.#meta.set(DAMAGE_KEY, undefined);
  }
}

/** Says in a few words which rows were saved. */
function describeSaved(saved: SavedRows): string {
  const tables = Object.entries(saved).map(([table, rows]) => `${rows} of ${table}`);
  return tables.length === 0 ? "nothing of it could be read" : `rows saved: ${tables.join(", ")}`;
}
