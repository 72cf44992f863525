/**
 * The uptime of each member, on disk.
 *
 * @module
 */

import { Calendar } from "../core/calendar.ts";
import { type Clock, MINUTE_MS } from "../core/clock.ts";
import { LastDay, type LastDayView, type PresentHalfHour, STRIP_LENGTH } from "../core/last_day.ts";
import type { Events, Subscription } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import { nameOf } from "../core/notices.ts";
import type { MeasuredOutage, UptimeAccount, Watched } from "../core/uptime_account.ts";
import { addFigures, HALF_HOUR_MS, noFigures, portionsOf, shareOf } from "../core/uptime_cells.ts";
import { UPTIME_MEMBERS_MAX, UptimeLedger } from "../core/uptime_ledger.ts";
import { WallTrack } from "../core/wall_track.ts";
import type { Database } from "./database.ts";
import { MemberOutageTable } from "./member_outage_table.ts";
import { elapsedMs } from "./member_row.ts";
import type { Meta } from "./meta.ts";
import { carryHistory, UPTIME_STAMP_KEY } from "./uptime_carry.ts";
import { UptimeOfAll } from "./uptime_of_all.ts";
import { UptimeRecord } from "./uptime_record.ts";
import { UPTIME_LIMITS, UPTIME_ROWS_IN_MEMORY_MAX, UptimeTable } from "./uptime_table.ts";
import { writeIfPossible } from "./store_error.ts";

/**
 * How often time is counted while nothing happens, in milliseconds: a kill costs at most that much.
 */
export const UPTIME_STAMP_MS: number = 10 * MINUTE_MS;
/** Rows that the time since the last count usually needs: one day and two half-hours. */
const ROWS_PER_ACCOUNT = 3;
/** The most events that may wait. */
const QUEUE_LENGTH = 100_000;

/** Options of {@linkcode Uptime}. */
export interface UptimeOptions {
  readonly clock: Clock;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly events: Events;
  readonly members: Members;
  readonly meta?: Meta | undefined;
  /** Whether there is a database; in memory, the tables have smaller limits. */
  readonly directory?: string | undefined;
  /** The calendar of days; the host's own if not given. */
  readonly calendar?: Calendar | undefined;
  /** Called when the database cannot be read. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Counts time as it passes, writes it to the database in batches, and answers queries from memory
 * and database.
 */
export class Uptime {
  readonly #options: UptimeOptions;
  readonly #calendar: Calendar;
  readonly #track: WallTrack;
  readonly #ledger: UptimeLedger;
  /** What the disk holds of the last 24 hours. */
  readonly #lastDay = new LastDay(UPTIME_MEMBERS_MAX);
  #subscription: Subscription | undefined;
  #database: Database | undefined;
  /** Outages that were not over when an earlier run ended. */
  #lasting: readonly MeasuredOutage[] = [];
  #isAdopted = false;
  #stampedAt: number;
  /** The number of events dropped from the full queue, as of the last check. */
  #lost = 0;
  #dropped = 0;
  #written = { accounts: [] as UptimeAccount[], outages: [] as MeasuredOutage[] };

  constructor(options: UptimeOptions) {
    this.#options = options;
    this.#calendar = options.calendar ?? new Calendar();
    this.#stampedAt = options.now();
    this.#track = new WallTrack(this.#stampedAt, options.clock.wall());
    this.#ledger = new UptimeLedger(this.#track, this.#calendar);
  }

  /** Whether something is waiting to be written. */
  get waiting(): boolean {
    return this.#ledger.changes.size > 0;
  }

  /** Number of members and figures that found no room. */
  get dropped(): number {
    return this.#dropped + this.#ledger.dropped;
  }

  /** Uses this database from now on. */
  attach(database: Database | undefined): void {
    this.#database = database;
  }

  /**
   * Loads what earlier runs counted. Call it before the members are restored, and
   * {@linkcode Uptime.adopt} afterwards.
   */
  load(database: Database): void {
    writeIfPossible(() => carryHistory(database, this.#calendar));
    const table = new MemberOutageTable(database);
    this.#ledger.continueAfter(table.lastSeq());
    this.#lasting = table.lasting();
    const from = this.#presentHalfHour() - STRIP_LENGTH * HALF_HOUR_MS;
    for (const [member, at, figures] of new UptimeTable(database).halfHoursSince(from)) {
      this.#lastDay.add(nameOf(member), at, figures);
    }
  }

  /**
   * Adopts the restored members as watched.
   *
   * @param earlierWallMs What the wall clock would show if nobody had set it since the earlier run.
   */
  adopt(earlierWallMs: number = this.#options.clock.wall()): void {
    this.collect();
    const { members, meta, now } = this.#options;
    const lasting = this.#lasting;
    this.#lasting = [];
    const countedMs = Number(meta?.get(UPTIME_STAMP_KEY) ?? NaN);
    const isLater = !this.#isAdopted && countedMs >= 0;
    this.#isAdopted = true;
    if (isLater) this.#track.noteEarlierRun(countedMs);
    const continued = new Map(
      lasting.map((outage) => [nameOf(outage.member), this.#continued(outage, earlierWallMs)]),
    );
    this.#ledger.adopt(members, now(), {
      lasting: continued,
      silentFrom: isLater ? -Infinity : now(),
    });
    for (const outage of lasting) {
      const { member, seq } = outage;
      if (members.roster(member.protocol) === undefined) continue;
      if (this.#ledger.preview(member, now())?.outage?.seq === seq) continue;
      // The outage ended while Pulsebox was not running.
      this.#ledger.changes.noteOutage({ ...outage, isOver: true });
    }
  }

  /** Starts listening. Idempotent. */
  open(): void {
    if (this.#subscription !== undefined) return;
    if (!this.#isAdopted) this.adopt();
    this.#subscription = this.#options.events.subscribe({ capacity: QUEUE_LENGTH });
  }

  /** Processes the events since the last call, and counts time when that is due. */
  collect(): void {
    const subscription = this.#subscription;
    if (subscription === undefined) return;
    const now = this.#options.now();
    const wallMs = this.#options.clock.wall();
    for (let event = subscription.take(); event !== undefined; event = subscription.take()) {
      // Listening time stood still while the wall clock went on.
      if (event.type === "absence") this.#track.note(event.at, wallMs - (now - event.at));
      this.#ledger.take(event);
    }
    // An outage is dated by its end, so the row of a running outage must not keep an old end.
    if (this.#track.note(now, wallMs)) this.stamp();
    if (subscription.dropped > this.#lost) {
      this.#lost = subscription.dropped;
      this.#ledger.adopt(this.#options.members, now);
    }
    if (now - this.#stampedAt >= UPTIME_STAMP_MS) this.stamp();
  }

  /** Counts the time of all members up to now. */
  stamp(): void {
    if (this.#subscription === undefined) return;
    this.#stampedAt = this.#options.now();
    this.#ledger.countAll(this.#stampedAt);
  }

  /**
   * Adds the counted time to the tables. The caller provides the transaction, and writes the meta
   * values after it.
   */
  write(database: Database, rowsMax: number): void {
    const { accounts, outages } = this.#ledger.changes;
    const limits = this.#options.directory === undefined
      ? { ...UPTIME_LIMITS, rowsMax: UPTIME_ROWS_IN_MEMORY_MAX }
      : UPTIME_LIMITS;
    this.#written = {
      accounts: [...accounts].slice(0, Math.ceil(rowsMax / ROWS_PER_ACCOUNT)),
      outages: [...outages.values()].slice(0, rowsMax),
    };
    if (!this.waiting) return;
    this.#dropped += new UptimeTable(database, limits).add(this.#written.accounts);
    this.#options.meta?.set(UPTIME_STAMP_KEY, String(Math.round(this.#options.clock.wall())));
    new MemberOutageTable(database).write(this.#written.outages);
  }

  /** Records that the batch of the last write is on disk. */
  settle(): void {
    for (const { member, fresh } of this.#written.accounts) {
      for (const [from, figures] of fresh.halfHours) {
        this.#lastDay.add(nameOf(member), from, figures);
      }
    }
    this.#ledger.changes.settle(this.#written.accounts, this.#written.outages);
    this.#written = { accounts: [], outages: [] };
  }

  /** A member's uptime, up to now. */
  query(member: Watched): UptimeRecord {
    this.collect();
    const { clock, now } = this.#options;
    return new UptimeRecord({
      member,
      calendar: this.#calendar,
      database: this.#database,
      onFailure: this.#options.onFailure,
      wallMs: clock.wall(),
      waiting: [...this.#ledger.changes.accounts].filter((account) =>
        nameOf(account.member) === nameOf(member)
      ).map(({ fresh }) => fresh),
      waitingOutages: [...this.#ledger.changes.outages.values()].filter((outage) =>
        nameOf(outage.member) === nameOf(member)
      ),
      preview: this.#ledger.preview(member, now()),
    });
  }

  /** A member's uptime in the last 24 hours, up to now; from memory alone. */
  lastDay(member: Watched): LastDayView {
    this.collect();
    return this.#lastDay.view(nameOf(member), ...this.#present(member));
  }

  /** How everybody was, up to now. */
  ofAll(): UptimeOfAll {
    this.collect();
    const { members, now, clock, onFailure } = this.#options;
    return new UptimeOfAll({
      ...{ members, ledger: this.#ledger, calendar: this.#calendar, database: this.#database },
      ...{ now: now(), wallMs: clock.wall(), onFailure },
    });
  }

  /**
   * The fraction of the counted time in which all members were present, 0 to 1; null if no time counts.
   * Yields after each member.
   *
   * @param days Number of days, including today; the last 24 hours if not given.
   */
  *total(days?: number): Generator<void, number | null> {
    this.collect();
    const sum = noFigures();
    const { members, now, clock, onFailure } = this.#options;
    const names = this.#calendar.lastDays(clock.wall(), days ?? 0).map(({ name }) => name);
    for (const roster of members.rosters()) {
      for (const { id } of roster.values()) {
        const member = { protocol: roster.rules.protocol, id };
        if (days === undefined) {
          yield addFigures(sum, this.#lastDay.sum(nameOf(member), ...this.#present(member)));
          continue;
        }
        const preview = this.#ledger.preview(member, now());
        for (const cells of preview === undefined ? [] : [preview.fresh, preview.cells]) {
          for (const name of names) addFigures(sum, cells.days.get(name) ?? noFigures());
        }
        yield;
      }
    }
    const oldest = names.at(-1);
    try {
      if (oldest !== undefined && this.#database !== undefined) {
        addFigures(sum, new UptimeTable(this.#database).since(oldest));
      }
    } catch (error) {
      // Until the disk works again, memory must do.
      onFailure?.(error);
    }
    return shareOf(sum);
  }

  /** Counts up to now and stops listening. Waiting figures can still be written. Idempotent. */
  close(): void {
    this.collect();
    this.stamp();
    this.#dropped += this.#subscription?.dropped ?? 0;
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /** What a view of the last day needs besides the data on disk. */
  #present(member: Watched): PresentHalfHour {
    const preview = this.#ledger.preview(member, this.#options.now());
    const fresh = preview === undefined ? [] : [preview.fresh, preview.cells];
    return [this.#presentHalfHour(), fresh, preview?.condition];
  }

  /** Unix time at which the current half-hour begins, in milliseconds. */
  #presentHalfHour(): number {
    const wallMs = this.#options.clock.wall();
    const [portion] = portionsOf({ from: wallMs, to: wallMs + 1 }, this.#calendar);
    return portion?.halfHour ?? wallMs;
  }

  /** An outage of an earlier run, as it is if it still goes on. */
  #continued(outage: MeasuredOutage, earlierWallMs: number): MeasuredOutage {
    const [last] = portionsOf({ from: outage.toMs - 1, to: outage.toMs }, this.#calendar);
    return {
      ...outage,
      // For the time since then, the wall clock is trusted within the limits of `member_row.ts`.
      unwatchedMs: outage.unwatchedMs + elapsedMs(outage.toMs, earlierWallMs),
      toMs: this.#options.clock.wall(),
      counted: outage.downMs > 0 ? last : undefined,
    };
  }
}
