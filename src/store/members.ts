/**
 * The table of members.
 *
 * @module
 */

import type { Protocol } from "../core/member.ts";
import type { MemberRecord } from "../core/member_record.ts";
import type { MemberChange } from "../core/members.ts";
import type { Database } from "./database.ts";
import { type MemberRow, recordOfRow, rowOf } from "./member_row.ts";
import { toColumn } from "./text.ts";

const SELECT = `
  SELECT protocol, id, name, address, state, promise_ms, beats, since_ms, heard_ms,
    pause_reason, pause_until_ms, written_ms, failure, lost_after, handled_by, handled_note, handled_ms
  FROM member ORDER BY seq`;

const UPSERT = `
  INSERT INTO member (protocol, id, name, address, state, promise_ms, beats, since_ms, heard_ms,
    pause_reason, pause_until_ms, written_ms, failure, lost_after, handled_by, handled_note, handled_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (protocol, id) DO UPDATE SET state = excluded.state,
    promise_ms = excluded.promise_ms, beats = excluded.beats, since_ms = excluded.since_ms,
    heard_ms = excluded.heard_ms, pause_reason = excluded.pause_reason,
    pause_until_ms = excluded.pause_until_ms, written_ms = excluded.written_ms,
    failure = excluded.failure, lost_after = excluded.lost_after,
    handled_by = excluded.handled_by, handled_note = excluded.handled_note,
    handled_ms = excluded.handled_ms`;

const DELETE = "DELETE FROM member WHERE protocol = ? AND id = ?";

/** A member that is heard again moves to the end of the list, as in the core's own index. */
const DELETE_UNLISTED = `${DELETE} AND (state = 'gone' OR beats = 0)`;

const DELETE_PROTOCOL = "DELETE FROM member WHERE protocol = ?";

/** A member of an earlier run. */
export interface StoredMember {
  protocol: Protocol;
  record: MemberRecord;
}

/** Reads and writes the table `member`. Callers provide the transaction. */
export class MemberTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * All members in the order of their registration; `undefined` for each row that cannot be used.
   *
   * @param wallMs Unix time in milliseconds.
   */
  *load(wallMs: number): Generator<StoredMember | undefined> {
    for (const row of this.#database.prepare(SELECT).all()) {
      yield recordOfRow(row as unknown as MemberRow, wallMs);
    }
  }

  /**
   * Writes a member's record, or deletes it if the member is gone from the roster.
   *
   * @param wallMs Unix time in milliseconds at which the record was made.
   */
  write(change: MemberChange, wallMs: number): void {
    const { protocol, id, record } = change;
    if (record === undefined) {
      this.#database.prepare(DELETE).run(protocol, toColumn(id));
      return;
    }
    if (record.beats > 0 && record.state !== "gone") {
      this.#database.prepare(DELETE_UNLISTED).run(protocol, toColumn(id));
    }
    const row = rowOf(protocol, record, wallMs);
    this.#database.prepare(UPSERT).run(
      row.protocol,
      row.id,
      row.name,
      row.address,
      row.state,
      row.promise_ms,
      row.beats,
      row.since_ms,
      row.heard_ms,
      row.pause_reason,
      row.pause_until_ms,
      row.written_ms,
      row.failure ?? null,
      row.lost_after ?? null,
      row.handled_by ?? null,
      row.handled_note ?? null,
      row.handled_ms ?? null,
    );
  }

  /** Deletes all members of a protocol. */
  clear(protocol: Protocol): void {
    this.#database.prepare(DELETE_PROTOCOL).run(protocol);
  }
}
