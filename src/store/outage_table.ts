/**
 * The table of outages that people were told about.
 *
 * @module
 */

import type { Protocol } from "../core/member.ts";
import type { KnownOutage, NoticeRules } from "../core/notices.ts";
import type { Database } from "./database.ts";
import { elapsedMs } from "./member_row.ts";
import { fromColumn, toColumn } from "./text.ts";

const UPSERT = `
  INSERT INTO outage (protocol, id, name, address, notice, since_ms, told_ms, told, written_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (protocol, id) DO UPDATE SET told_ms = excluded.told_ms, notice = excluded.notice,
    since_ms = excluded.since_ms, told = excluded.told, written_ms = excluded.written_ms`;
const DELETE = "DELETE FROM outage WHERE protocol = ? AND id = ?";
const DELETE_ALL = "DELETE FROM outage";
const SELECT = `
  SELECT protocol, id, name, address, notice, since_ms, told_ms, told, written_ms
  FROM outage ORDER BY since_ms`;

/**
 * Writes changed outages; the caller provides the transaction.
 *
 * @param names The members concerned; outages that are no longer known are deleted.
 * @param now Listening time in milliseconds.
 * @param wallMs Unix time in milliseconds, at the same moment.
 */
export function writeOutages(
  database: Database,
  rules: NoticeRules,
  names: Iterable<string>,
  now: number,
  wallMs: number,
): void {
  const offsetMs = wallMs - now;
  const upsert = database.prepare(UPSERT);
  const remove = database.prepare(DELETE);
  for (const name of new Set(names)) {
    const outage = rules.outages.get(name);
    if (outage === undefined) {
      const slash = name.indexOf("/");
      remove.run(name.slice(0, slash), toColumn(name.slice(slash + 1)));
      continue;
    }
    const { member, id, since, toldAt, told } = outage;
    upsert.run(
      member.protocol,
      toColumn(member.id),
      toColumn(member.name),
      toColumn(member.address),
      id,
      Math.round(since + offsetMs),
      Math.round(toldAt + offsetMs),
      told,
      Math.round(wallMs),
    );
  }
}

/** Empties the table. */
export function clearOutages(database: Database): void {
  database.prepare(DELETE_ALL).run();
}

/**
 * Reads the outages of an earlier run. Their length up to the time of writing was measured; for the
 * time since then, the wall clock is trusted within the limits of `member_row.ts`.
 */
export function* readOutages(
  database: Database,
  now: number,
  wallMs: number,
): Generator<KnownOutage> {
  for (const row of database.prepare(SELECT).all()) {
    // Rows of the first version lack the time of writing: they were written at the last notice.
    const writtenMs = Number(row["written_ms"]) || Number(row["told_ms"]);
    const elapsed = elapsedMs(writtenMs, wallMs);
    const ageOf = (column: string) => Math.max(0, writtenMs - Number(row[column])) + elapsed;
    yield {
      id: String(row["notice"]),
      member: {
        protocol: String(row["protocol"]) as Protocol,
        id: fromColumn(String(row["id"])),
        name: fromColumn(String(row["name"])),
        address: fromColumn(String(row["address"])),
      },
      since: now - ageOf("since_ms"),
      toldAt: now - ageOf("told_ms"),
      told: row["told"] === "late" ? "late" : "lost",
    };
  }
}
