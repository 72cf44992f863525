/**
 * The table of members' outages, for an operator to read in detail. No figure is computed from it.
 *
 * @module
 */

import type { Protocol } from "../core/member.ts";
import { nameOf } from "../core/notices.ts";
import type { MeasuredOutage, Watched } from "../core/uptime_account.ts";
import type { Database } from "./database.ts";
import { fromColumn, toColumn } from "./text.ts";

/** The most outages that are kept for one member; the oldest is dropped. */
export const OUTAGES_PER_MEMBER_MAX = 200;
/** The most outages that are kept for all members; the oldest finished one is dropped. */
export const OUTAGES_MAX = 10_000;

const COLUMNS =
  "seq, protocol, id, cause, planned, over, to_ms, down_ms, planned_ms, unwatched_ms, " +
  "handled_by, note";
const REPLACE = `INSERT OR REPLACE INTO member_outage (${COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const TRIM_MEMBER = `
  DELETE FROM member_outage WHERE seq IN (
    SELECT seq FROM member_outage WHERE protocol = ? AND id = ?
    ORDER BY seq DESC LIMIT -1 OFFSET ?)`;
const COUNT = "SELECT count(*) AS count FROM member_outage";
const TRIM = `
  DELETE FROM member_outage WHERE seq IN (
    SELECT seq FROM member_outage WHERE over = 1 ORDER BY seq LIMIT ?)`;
const LAST = "SELECT coalesce(max(seq), 0) AS seq FROM member_outage";
const SELECT_LASTING = `SELECT ${COLUMNS} FROM member_outage WHERE over = 0 ORDER BY seq`;
const SELECT_MEMBER = `SELECT ${COLUMNS} FROM member_outage
  WHERE protocol = ? AND id = ? ORDER BY seq DESC`;
const SELECT_LATEST = `SELECT ${COLUMNS} FROM member_outage
  WHERE over = 0 OR to_ms >= ? ORDER BY seq DESC LIMIT ?`;

/** Reads and writes the table `member_outage`. Callers provide the transaction. */
export class MemberOutageTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The largest number of an outage; 0 if there are no outages. */
  lastSeq(): number {
    return Number(this.#database.prepare(LAST).get()?.["seq"]);
  }

  /** Writes outages in their current state. */
  write(outages: readonly MeasuredOutage[]): void {
    if (outages.length === 0) return;
    const replace = this.#database.prepare(REPLACE);
    const members = new Map<string, Watched>();
    for (const outage of outages) {
      const { seq, member, cause, planned, downMs, plannedMs, unwatchedMs, toMs, isOver } = outage;
      const { handling } = outage;
      replace.run(
        ...[seq, member.protocol, toColumn(member.id), cause, planned ? 1 : 0, isOver ? 1 : 0],
        ...[Math.round(toMs), downMs, plannedMs, unwatchedMs],
        ...(handling === null ? [null, null] : [toColumn(handling.by), toColumn(handling.note)]),
      );
      members.set(nameOf(member), member);
    }
    const trimMember = this.#database.prepare(TRIM_MEMBER);
    for (const { protocol, id } of members.values()) {
      trimMember.run(protocol, toColumn(id), OUTAGES_PER_MEMBER_MAX);
    }
    const excess = Number(this.#database.prepare(COUNT).get()?.["count"]) - OUTAGES_MAX;
    if (excess > 0) this.#database.prepare(TRIM).run(excess);
  }

  /** A member's outages, the last one first. */
  of({ protocol, id }: Watched): MeasuredOutage[] {
    return this.#database.prepare(SELECT_MEMBER).all(protocol, toColumn(id)).map(outageOf);
  }

  /** Everybody's outages that last, or lasted up to a unix time in milliseconds; the last one first. */
  latest(fromMs: number, most: number): MeasuredOutage[] {
    return this.#database.prepare(SELECT_LATEST).all(Math.round(fromMs), most).map(outageOf);
  }

  /** The outages that were not over when an earlier run ended. */
  lasting(): MeasuredOutage[] {
    return this.#database.prepare(SELECT_LASTING).all().map(outageOf);
  }
}

function outageOf(row: Record<string, unknown>): MeasuredOutage {
  const protocol = String(row["protocol"]) as Protocol;
  return {
    seq: Number(row["seq"]),
    member: { protocol, id: fromColumn(String(row["id"])) },
    cause: String(row["cause"]),
    planned: row["planned"] === 1,
    downMs: Number(row["down_ms"]),
    plannedMs: Number(row["planned_ms"]),
    unwatchedMs: Number(row["unwatched_ms"]),
    handling: typeof row["handled_by"] !== "string" ? null : {
      by: fromColumn(row["handled_by"]),
      note: fromColumn(String(row["note"] ?? "")),
    },
    toMs: Number(row["to_ms"]),
    isOver: row["over"] === 1,
    counted: undefined,
  };
}
