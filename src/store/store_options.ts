/**
 * What a store needs from its host.
 *
 * @module
 */

import type { Calendar } from "../core/calendar.ts";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { MemberTags } from "../core/member_tags.ts";
import type { Members } from "../core/members.ts";
import type { BootClockOptions } from "./boot_clock.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import type { Outbox } from "./outbox.ts";
import type { HistoryLimits } from "./history.ts";

/** Where a store logs what an operator should read. */
export interface StoreLog {
  info(message: string, properties?: Record<string, unknown>): void;
  warn(message: string, properties?: Record<string, unknown>): void;
  error(message: string, properties?: Record<string, unknown>): void;
}

/** Options of a store. */
export interface StoreOptions extends Partial<HistoryLimits> {
  /** Data directory; everything is kept in memory if not given. */
  directory?: string | undefined;
  clock: Clock;
  /** Listening time in milliseconds, which dates members and events. */
  now: () => number;
  /** The members; made with `changes: "collect"` if there is a directory. */
  members: Members;
  /** Tags that were set through the API; none if not given. */
  tags?: MemberTags | undefined;
  events: Events;
  log: StoreLog;
  /** Notifications to deliver; none if not given. */
  outbox?: Outbox | undefined;
  /** Reads the machine's boot clock, see `boot_clock.ts`; there is none if not given. */
  bootTime?: BootClockOptions["bootTime"];
  /** The calendar that divides uptime into days; the host's own if not given. */
  calendar?: Calendar | undefined;
  /** How long the start waits for another instance on the same directory, in milliseconds. */
  lockWaitMs?: number;
  /** Opens databases; `Database.open` if not given. */
  openDatabase?: (options: DatabaseOptions) => Database;
}
