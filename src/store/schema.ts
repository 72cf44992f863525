/**
 * The tables of the database, as a list of steps that only ever grows.
 *
 * @module
 */

/**
 * Step N takes a database from version N to N + 1. Published steps never change: a database of any
 * earlier version runs the steps that it has not run yet.
 *
 * Times are unix milliseconds of the wall clock, so that an operator can read them with any SQLite
 * tool; `member_row.ts` explains how far they are trusted after a restart.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE member (
    seq INTEGER PRIMARY KEY,
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    promise_ms REAL NOT NULL,
    beats INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    heard_ms INTEGER NOT NULL,
    pause_reason TEXT,
    pause_until_ms INTEGER,
    written_ms INTEGER NOT NULL,
    UNIQUE (protocol, id)
  ) STRICT;

  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE history (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    protocol TEXT,
    id TEXT,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX history_of_member ON history (protocol, id, seq);
  `,
  `
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (id, target)
  ) STRICT;

  CREATE TABLE outage (
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    notice TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    told_ms INTEGER NOT NULL,
    PRIMARY KEY (protocol, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE outbox ADD COLUMN waited_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outage ADD COLUMN told TEXT NOT NULL DEFAULT 'lost';
  ALTER TABLE outage ADD COLUMN written_ms INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE member ADD COLUMN failure TEXT;
  `,
  `
  ALTER TABLE member ADD COLUMN lost_after TEXT;
  `,
  // The period comes first in the keys, so that rows written together lie on a few pages.
  `
  CREATE TABLE uptime_day (
    day TEXT NOT NULL,
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    known_ms REAL NOT NULL,
    down_ms REAL NOT NULL,
    planned_ms REAL NOT NULL,
    outages INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    worst INTEGER NOT NULL,
    PRIMARY KEY (day, protocol, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE uptime_half_hour (
    from_ms INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    known_ms REAL NOT NULL,
    down_ms REAL NOT NULL,
    planned_ms REAL NOT NULL,
    outages INTEGER NOT NULL,
    carried INTEGER NOT NULL,
    worst INTEGER NOT NULL,
    PRIMARY KEY (from_ms, protocol, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE member_outage (
    seq INTEGER PRIMARY KEY,
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    cause TEXT NOT NULL,
    planned INTEGER NOT NULL,
    over INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    down_ms REAL NOT NULL,
    planned_ms REAL NOT NULL,
    unwatched_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX member_outage_of_member ON member_outage (protocol, id, seq);
  `,
  // Who looks after a late or lost member, and who did.
  `
  ALTER TABLE member ADD COLUMN handled_by TEXT;
  ALTER TABLE member ADD COLUMN handled_note TEXT;
  ALTER TABLE member ADD COLUMN handled_ms INTEGER;
  ALTER TABLE member_outage ADD COLUMN handled_by TEXT;
  ALTER TABLE member_outage ADD COLUMN note TEXT;
  `,
  // Tags set through the API. They outlive the goodbye of a member, so they are no part of it.
  `
  CREATE TABLE member_tag (
    protocol TEXT NOT NULL,
    id TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (protocol, id)
  ) STRICT, WITHOUT ROWID;
  `,
  // A history that was written before uptime was counted: see `uptime_carry.ts`.
  `
  INSERT OR REPLACE INTO meta (key, value) SELECT 'uptime-carry', 'due'
    WHERE EXISTS (SELECT 1 FROM history) AND NOT EXISTS (SELECT 1 FROM uptime_day);
  `,
];

/** The version that this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;
