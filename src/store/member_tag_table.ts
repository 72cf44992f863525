/**
 * The table of tags that were set through the API.
 *
 * @module
 */

import { type Protocol, PROTOCOLS } from "../core/member.ts";
import { type MemberTags, TAG_PATTERN, TAGS_PER_MEMBER_MAX } from "../core/member_tags.ts";
import type { Database } from "./database.ts";
import { fromColumn, toColumn } from "./text.ts";

const SELECT = "SELECT protocol, id, tags FROM member_tag";
const UPSERT = `
  INSERT INTO member_tag (protocol, id, tags) VALUES (?, ?, ?)
  ON CONFLICT (protocol, id) DO UPDATE SET tags = excluded.tags`;
const DELETE = "DELETE FROM member_tag WHERE protocol = ? AND id = ?";
const DELETE_ALL = "DELETE FROM member_tag";
/** No tag holds one. */
const BETWEEN = ",";

/** Takes over the tags of an earlier run; rows that Pulsebox cannot have written are left alone. */
export function loadTags(database: Database, memberTags: MemberTags): void {
  for (const row of database.prepare(SELECT).all()) {
    const protocol = PROTOCOLS.find((each) => each === row["protocol"]);
    const tags = String(row["tags"]).split(BETWEEN);
    const isSound = tags.length <= TAGS_PER_MEMBER_MAX &&
      tags.every((tag) => TAG_PATTERN.test(tag));
    if (protocol === undefined || !isSound) continue;
    memberTags.restore({ protocol, id: fromColumn(String(row["id"])) }, tags);
  }
}

/** Writes what has changed. The caller provides the transaction. */
export function writeTags(database: Database, memberTags: MemberTags): void {
  const { all, members } = memberTags.changes();
  if (all) database.prepare(DELETE_ALL).run();
  for (const [key, tags] of members) {
    const cut = key.indexOf("/");
    const [protocol, id] = [key.slice(0, cut) as Protocol, toColumn(key.slice(cut + 1))];
    if (tags.length === 0) database.prepare(DELETE).run(protocol, id);
    else database.prepare(UPSERT).run(protocol, id, tags.join(BETWEEN));
  }
}
