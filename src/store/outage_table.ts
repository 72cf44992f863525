/**
 * The table of outages that people know of.
 *
 * @module
 */

import type { Protocol } from "../core/member.ts";
import type { KnownOutage, NoticeRules } from "../core/notices.ts";
import type { Database } from "./database.ts";
import { fromColumn, toColumn } from "./text.ts";

const UPSERT = `
  INSERT INTO outage (protocol, id, name, address, notice, since_ms, told_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (protocol, id) DO UPDATE SET told_ms = excluded.told_ms, notice = excluded.notice,
    since_ms = excluded.since_ms`;
const DELETE = "DELETE FROM outage WHERE protocol = ? AND id = ?";
const DELETE_ALL = "DELETE FROM outage";
const SELECT = `
  SELECT protocol, id, name, address, notice, since_ms, told_ms FROM outage ORDER BY since_ms`;

/**
 * Writes outages that have changed; the caller provides the transaction.
 *
 * @param names Whose outages; those that are not known any more are deleted.
 * @param offsetMs What to add to listening time to get unix time, in milliseconds.
 */
export function writeOutages(
  database: Database,
  rules: NoticeRules,
  names: Iterable<string>,
  offsetMs: number,
): void {
  const upsert = database.prepare(UPSERT);
  const remove = database.prepare(DELETE);
  for (const name of names) {
    const outage = rules.outages.get(name);
    if (outage === undefined) {
      const slash = name.indexOf("/");
      remove.run(name.slice(0, slash), toColumn(name.slice(slash + 1)));
      continue;
    }
    const { member, id, since, toldAt } = outage;
    upsert.run(
      member.protocol,
      toColumn(member.id),
      toColumn(member.name),
      toColumn(member.address),
      id,
      Math.round(since + offsetMs),
      Math.round(toldAt + offsetMs),
    );
  }
}

/** Empties the table. */
export function clearOutages(database: Database): void {
  database.prepare(DELETE_ALL).run();
}

/**
 * Reads the outages of an earlier run. A wall clock that was set back meanwhile makes none of them
 * begin in the future.
 */
export function* readOutages(
  database: Database,
  now: number,
  wallMs: number,
): Generator<KnownOutage> {
  for (const row of database.prepare(SELECT).all()) {
    const ageOf = (column: string) => Math.max(0, wallMs - Number(row[column]));
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
    };
  }
}
