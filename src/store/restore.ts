/**
 * Restores the members of an earlier run.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Left } from "../core/member_moves.ts";
import type { MemberRecord } from "../core/member_record.ts";
import type { MemberTags } from "../core/member_tags.ts";
import type { Members } from "../core/members.ts";
import type { Roster } from "../core/roster.ts";
import type { Database } from "./database.ts";
import { HOST_PAUSE_KEY } from "./group_commit.ts";
import { pauseOfRow, type PauseRow } from "./member_row.ts";
import { loadTags } from "./member_tag_table.ts";
import { MemberTable, type StoredMember } from "./members.ts";
import type { Meta } from "./meta.ts";
import type { StoreLog } from "./store_options.ts";
import { writeIfPossible } from "./store_error.ts";

/** The longest text of the host's pause that is parsed, in UTF-16 code units. */
const REASON_LENGTH_MAX = 4_096;

/** What happened to the stored members. */
export interface Restored {
  /** Number of members that are watched again. */
  restored: number;
  /** Number of members that found no room in this run: they are deleted. */
  refused: number;
  /** Number of rows that Pulsebox cannot have written: they are left alone. */
  senseless: number;
  /** Number of members whose protocol this run does not serve: they wait for a run that does. */
  dormant: number;
}

/** The result if no members are stored. */
export const NOTHING_RESTORED: Restored = { restored: 0, refused: 0, senseless: 0, dormant: 0 };

/** The source and the target of a restore, and its time. */
export interface RestoreOptions {
  database: Database;
  members: Members;
  tags?: MemberTags | undefined;
  meta: Meta;
  /** Listening time in milliseconds. */
  now: number;
  /** Unix time in milliseconds. */
  wallMs: number;
}

/**
 * Restores all stored members into the open rosters. A member that was already heard in this run
 * keeps its new record, and one that has left in this run does not return.
 *
 * @throws {StoreError} if the database cannot be read.
 */
export function restore(options: RestoreOptions): Restored {
  const { database, members, tags, meta, now, wallMs } = options;
  const result: Restored = { restored: 0, refused: 0, senseless: 0, dormant: 0 };
  const table = new MemberTable(database);
  const refused: StoredMember[] = [];
  for (const stored of table.load(wallMs)) {
    const roster = stored && members.roster(stored.protocol);
    if (stored === undefined) result.senseless++;
    else if (roster === undefined) result.dormant++;
    else {
      const record = remains(stored.record, members.leftOf(stored.protocol, stored.record.id));
      // Its row goes when the store writes everything, as it does for a disk that was away.
      if (record === undefined) continue;
      if (take(roster, record, now)) result.restored++;
      else refused.push(stored);
    }
  }
  result.refused = refused.length;
  if (refused.length > 0) {
    writeIfPossible(() =>
      database.transaction("kill", () => {
        for (const { protocol, record } of refused) {
          table.write({ protocol, id: record.id, record: undefined }, wallMs);
        }
      })
    );
  }
  meta.load(database);
  if (tags !== undefined) loadTags(database, tags);
  const pause = hostPause(meta.get(HOST_PAUSE_KEY));
  if (pause !== undefined) {
    const { reason, forMs } = pauseOfRow(pause, wallMs);
    members.restorePause({ reason, until: now + forMs }, now);
  }
  return result;
}

/** Warns of members that were not restored. */
export function warnOfUnrestored(result: Restored, log: StoreLog): void {
  if (result.refused + result.senseless === 0) return;
  log.warn(
    "{refused} members were not restored because their role is full, {senseless} because " +
      "their records make no sense",
    {
      ...result,
    },
  );
}

/** What is to be restored of a record, if the member has left in this run; `undefined` for nothing. */
function remains(record: MemberRecord, left: Left | undefined): MemberRecord | undefined {
  if (left === undefined) return record;
  if (left === "nothing" || record.pause === undefined) return undefined;
  const { id, name, address, stateMs, silentMs, promiseMs, pause } = record;
  return { id, name, address, stateMs, silentMs, promiseMs, pause, state: "unknown", beats: 0 };
}

function take(roster: Roster, record: MemberRecord, now: number): boolean {
  const known = roster.get(record.id);
  if (known === undefined) return typeof roster.restore(record, now) !== "string";
  if (record.pause !== undefined) {
    const { reason, forMs } = record.pause;
    roster.restorePause(known, { reason, until: now + forMs }, now);
  }
  return true;
}

const HostPause = z.object({
  reason: z.string().check(z.maxLength(REASON_LENGTH_MAX)),
  untilMs: z.nullable(z.number()),
  writtenMs: z.number(),
});

function hostPause(text: string | undefined): PauseRow | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = z.safeParse(HostPause, JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: somebody edited the database. Ignore a pause that cannot be read.
    return undefined;
  }
}
