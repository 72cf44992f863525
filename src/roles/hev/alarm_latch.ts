/**
 * The list of alarms, which outlives the process.
 *
 * @module
 */

import { type AlarmEntry, AlarmList } from "../../wire/hev/alarm_list.ts";
import { B6_ALARMS, PRIORITIES } from "../../wire/hev/alarms.ts";

/** Keeps small texts across restarts. */
export interface AlarmKeeper {
  /** The text of a key. */
  get(key: string): string | undefined;
  /** Sets the text of a key; `undefined` deletes it. */
  set(key: string, value: string | undefined): void;
}

const KEY_PREFIX = "hev.alarm.";

/** How often and when a listed alarm was raised. */
export interface RaisedAlarm {
  /** When it was last raised, in milliseconds of listening time. */
  readonly at: number;
  /** How often it was raised since it was listed. */
  readonly count: number;
}

/**
 * Lists alarms until they are acknowledged, here or after a restart. Each alarm is stored under its
 * own key when it is listed. When it is raised again, nothing is written, because a lasting alarm
 * would wear out the SD card.
 */
export class AlarmLatch {
  readonly #list = new AlarmList();
  readonly #keeper: AlarmKeeper | undefined;
  /** Listed alarms that this run has heard. */
  readonly #raised = new Map<string, RaisedAlarm>();
  /** The place in the list of the next new alarm. */
  #order = 0;

  /** @param keeper Where alarms are stored; those of an earlier run are listed again. */
  constructor(keeper?: AlarmKeeper) {
    this.#keeper = keeper;
    if (keeper === undefined) return;
    const kept = keptIn(keeper).sort((a, b) => a.order - b.order);
    for (const { entry } of kept) this.#list.raise(entry);
    this.#order = (kept.at(-1)?.order ?? -1) + 1;
  }

  /** Number of entries. */
  get size(): number {
    return this.#list.size;
  }

  /** When and how often a listed alarm was raised; `undefined` if an earlier run listed it. */
  raised(entry: AlarmEntry): RaisedAlarm | undefined {
    return this.#raised.get(keyOf(entry));
  }

  /**
   * Lists an alarm: {@linkcode AlarmList.raise}.
   *
   * @param at Listening time in milliseconds.
   */
  raise(entry: AlarmEntry, at: number): "listed" | "updated" {
    const outcome = this.#list.raise(entry);
    const count = this.#raised.get(keyOf(entry))?.count ?? 0;
    this.#raised.set(keyOf(entry), { at, count: count + 1 });
    if (outcome === "listed") {
      const { version, timestamp, param } = entry;
      const order = this.#order++;
      this.#keeper?.set(keyOf(entry), JSON.stringify({ order, version, timestamp, param }));
    }
    return outcome;
  }

  /** Removes an alarm in all its priorities: {@linkcode AlarmList.acknowledge}. */
  acknowledge(name: string): boolean {
    const before = this.#list.entries();
    return this.#list.acknowledge(name) && this.#forget(before);
  }

  /** Removes one entry: {@linkcode AlarmList.acknowledgeEntry}. */
  acknowledgeEntry(priority: string, name: string): boolean {
    const before = this.#list.entries();
    return this.#list.acknowledgeEntry(priority, name) && this.#forget(before);
  }

  /** The entries, in order of first arrival. */
  entries(): AlarmEntry[] {
    return this.#list.entries();
  }

  #forget(before: readonly AlarmEntry[]): true {
    const left = new Set(this.#list.entries());
    for (const entry of before) {
      if (left.has(entry)) continue;
      this.#raised.delete(keyOf(entry));
      this.#keeper?.set(keyOf(entry), undefined);
    }
    return true;
  }
}

function keyOf({ alarm_type, alarm_code }: Pick<AlarmEntry, "alarm_type" | "alarm_code">): string {
  return `${KEY_PREFIX}${alarm_type}.${alarm_code}`;
}

function keptIn(keeper: AlarmKeeper): { order: number; entry: AlarmEntry }[] {
  return PRIORITIES.names.flatMap((alarm_type) =>
    B6_ALARMS.names.flatMap((alarm_code) => {
      const text = keeper.get(keyOf({ alarm_type, alarm_code }));
      if (text === undefined) return [];
      const { order, version, timestamp, param } = numbersIn(text);
      const entry: AlarmEntry = {
        version,
        timestamp,
        payload_type: "ALARM",
        alarm_type,
        alarm_code,
        param,
      };
      return [{ order, entry }];
    })
  );
}

/** Reads a stored text. A damaged number counts as 0; the alarm itself is in the key. */
function numbersIn(text: string): Record<"order" | "version" | "timestamp" | "param", number> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const fields = new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const number = (key: string) => {
    const field = fields.get(key);
    return typeof field === "number" && Number.isFinite(field) ? field : 0;
  };
  return {
    order: number("order"),
    version: number("version"),
    timestamp: number("timestamp"),
    param: number("param"),
  };
}
