/**
 * The table of messages that have not been delivered.
 *
 * @module
 */

import type { NoticeKind } from "../core/notices.ts";
import type { Database } from "./database.ts";
import { clearOutages } from "./outage_table.ts";
import { fromColumn, toColumn } from "./text.ts";

/** One message to one target. */
export interface Delivery {
  /** The same for all targets. */
  readonly id: string;
  readonly target: string;
  readonly kind: NoticeKind;
  readonly body: string;
  /**
   * When it was made, in listening time (ms): the wait in earlier runs counts, clock steps do not.
   */
  readonly createdAt: number;
}

const INSERT = `
  INSERT OR REPLACE INTO outbox (id, target, kind, body, created_ms, waited_ms)
  VALUES (?, ?, ?, ?, ?, ?)`;
const UPDATE_AGE = "UPDATE outbox SET waited_ms = ? WHERE id = ? AND target = ?";
const DELETE = "DELETE FROM outbox WHERE id = ? AND target = ?";
const DELETE_ALL = "DELETE FROM outbox";
const SELECT = "SELECT id, target, kind, body, waited_ms FROM outbox ORDER BY seq";
const IS_EMPTY = `
  SELECT NOT EXISTS (SELECT 1 FROM outbox) AND NOT EXISTS (SELECT 1 FROM outage) AS is_empty`;

/**
 * Writes deliveries; the caller provides the transaction.
 *
 * @param now Listening time in milliseconds.
 * @param wallMs Unix time in milliseconds, at the same moment.
 */
export function insertDeliveries(
  database: Database,
  deliveries: Iterable<Delivery>,
  now: number,
  wallMs: number,
): void {
  const insert = database.prepare(INSERT);
  for (const { id, target, kind, body, createdAt } of deliveries) {
    const waitedMs = Math.round(now - createdAt);
    insert.run(id, target, kind, toColumn(body), Math.round(wallMs) - waitedMs, waitedMs);
  }
}

/** Writes how long deliveries have waited. */
export function updateAges(
  database: Database,
  deliveries: Iterable<Delivery>,
  now: number,
): void {
  const update = database.prepare(UPDATE_AGE);
  for (const { id, target, createdAt } of deliveries) {
    update.run(Math.round(now - createdAt), id, target);
  }
}

/** Deletes deliveries. */
export function deleteDeliveries(database: Database, deliveries: Iterable<Delivery>): void {
  const remove = database.prepare(DELETE);
  for (const { id, target } of deliveries) remove.run(id, target);
}

/** Deletes every delivery and every outage. */
export function clearAll(database: Database): void {
  database.prepare(DELETE_ALL).run();
  clearOutages(database);
}

/** Whether neither deliveries nor outages are kept. */
export function hasNothingToTell(database: Database): boolean {
  return Number(database.prepare(IS_EMPTY).get()?.["is_empty"]) === 1;
}

/** Reads the deliveries of an earlier run, the oldest first. */
export function* readDeliveries(database: Database, now: number): Generator<Delivery> {
  for (const row of database.prepare(SELECT).all()) {
    yield {
      id: String(row["id"]),
      target: String(row["target"]),
      kind: String(row["kind"]) as NoticeKind,
      body: fromColumn(String(row["body"])),
      createdAt: now - Math.max(0, Number(row["waited_ms"])),
    };
  }
}
