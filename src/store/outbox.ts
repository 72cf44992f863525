/**
 * Notifications that are not delivered yet. They outlive a kill, and nothing is told before it is
 * known on disk: so that whoever starts after a kill does not tell it again.
 *
 * @module
 */

import { type Clock, MINUTE_MS } from "../core/clock.ts";
import type { Events, Subscription } from "../core/events.ts";
import type { MemberRef } from "../core/member.ts";
import type { Members } from "../core/members.ts";
import { type Notice, type NoticeKind, type NoticeOptions, NoticeRules } from "../core/notices.ts";
import type { StatementSync } from "node:sqlite";
import type { Database } from "./database.ts";
import { clearOutages, readOutages, writeOutages } from "./outage_table.ts";
import { fromColumn, toColumn } from "./text.ts";

/** Deliveries that may wait for one target; the oldest makes room. */
export const DELIVERIES_PER_TARGET_MAX = 1_000;
/** Notices of one delivery: many members that are lost at once are one message. */
export const NOTICES_PER_DELIVERY_MAX = 100;
/** Events that may wait to be looked at. */
const QUEUE_LENGTH = 100_000;
/** How often the time is looked at, for reminders. */
const TICK_MS: number = MINUTE_MS;
/** How often it is written how long deliveries have waited: a kill makes them younger by so much. */
export const AGES_WRITTEN_MS: number = 10 * MINUTE_MS;

/** One message to one target. */
export interface Delivery {
  /** The same for all targets. */
  readonly id: string;
  readonly target: string;
  readonly kind: NoticeKind;
  readonly body: string;
  /** When it was made, in listening time (ms): what waited in earlier runs counts, clock steps do not. */
  readonly createdAt: number;
}

/** Options of an {@linkcode Outbox}. */
export interface OutboxOptions extends NoticeOptions {
  /** Names of the targets; deliveries to others are forgotten. */
  readonly targets: readonly string[];
  /** Writes a message about notices of one kind. */
  readonly compose: (id: string, kind: NoticeKind, notices: readonly Notice[]) => string;
  /** Told when there may be something to deliver. Must return at once. */
  readonly onReady: () => void;
}

/** What the outbox needs of its store. */
export interface OutboxContext {
  readonly clock: Clock;
  readonly now: () => number;
  readonly members: Members;
  readonly events: Events;
}

const INSERT = `
  INSERT OR REPLACE INTO outbox (id, target, kind, body, created_ms, waited_ms)
  VALUES (?, ?, ?, ?, ?, ?)`;
const UPDATE_AGE = "UPDATE outbox SET waited_ms = ? WHERE id = ? AND target = ?";
const DELETE = "DELETE FROM outbox WHERE id = ? AND target = ?";
const DELETE_ALL = "DELETE FROM outbox";
const SELECT = "SELECT id, target, kind, body, waited_ms FROM outbox ORDER BY seq";

/** Makes deliveries of events, and keeps them until they have arrived. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #context: OutboxContext;
  readonly #rules: NoticeRules;
  #subscription: Subscription | undefined;
  #tickedAt: number;
  /** By target, oldest first: what may be delivered. */
  readonly #ready = new Map<string, Delivery[]>();
  /** What no commit has. */
  #fresh: Delivery[] = [];
  /** What is to be deleted from disk. */
  #done: Delivery[] = [];
  #outages: string[] = [];
  /** When it was last written how long deliveries have waited. */
  #agesWrittenAt: number;
  #writesAges = false;
  #written = { fresh: 0, done: 0, outages: 0 };
  #dropped = 0;

  constructor(options: OutboxOptions, context: OutboxContext) {
    this.#options = options;
    this.#context = context;
    this.#rules = new NoticeRules(options);
    this.#tickedAt = context.now();
    this.#agesWrittenAt = this.#tickedAt;
    for (const target of options.targets) this.#ready.set(target, []);
  }

  /** True if something waits to be written. */
  get waiting(): boolean {
    return this.#fresh.length > 0 || this.#done.length > 0 || this.#outages.length > 0 ||
      this.#writesAges;
  }

  /** Deliveries that have not arrived. */
  get size(): number {
    let size = this.#fresh.length;
    for (const deliveries of this.#ready.values()) size += deliveries.length;
    return size;
  }

  /** Deliveries that were given up. */
  get dropped(): number {
    return this.#dropped + (this.#subscription?.dropped ?? 0);
  }

  /** Samples of the metrics that are about what waits. */
  metrics(): Readonly<Record<string, number>> {
    return {
      pulsebox_notifications_waiting: this.size,
      pulsebox_notifications_dropped_total: this.dropped,
    };
  }

  /** Listens from now on. Idempotent. */
  open(): void {
    this.#subscription ??= this.#context.events.subscribe({ capacity: QUEUE_LENGTH });
  }

  /** Ends the listening. Idempotent. */
  close(): void {
    this.#dropped = this.dropped;
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /** Brings back what an earlier run did not deliver, and what it told. */
  load(database: Database): void {
    const now = this.#context.now();
    const wallMs = this.#context.clock.wall();
    for (const outage of readOutages(database, now, wallMs)) this.#rules.restore(outage);
    for (const roster of this.#context.members.rosters()) {
      for (const member of roster.values()) {
        if (member.state !== "lost" && member.state !== "gone") continue;
        this.#rules.restoreUntold(roster.ref(member), member.heardAt);
      }
    }
    for (const row of database.prepare(SELECT).all()) {
      const delivery: Delivery = {
        id: String(row["id"]),
        target: String(row["target"]),
        kind: String(row["kind"]) as NoticeKind,
        body: fromColumn(String(row["body"])),
        createdAt: now - Math.max(0, Number(row["waited_ms"])),
      };
      if (this.#ready.has(delivery.target)) this.#makeReady(delivery);
      else this.#done.push(delivery);
    }
    this.#options.onReady();
  }

  /**
   * Takes in what has happened since the last call.
   *
   * @return True if there is something new to tell.
   */
  collect(): boolean {
    const notices: Notice[] = [];
    for (let event = this.#subscription?.take(); event; event = this.#subscription?.take()) {
      for (const notice of this.#rules.take(event)) notices.push(notice);
    }
    const now = this.#context.now();
    if (now - this.#tickedAt >= TICK_MS) {
      this.#tickedAt = now;
      for (const notice of this.#rules.tick(now, (ref) => this.#memberOf(ref))) {
        notices.push(notice);
      }
    }
    if (now - this.#agesWrittenAt >= AGES_WRITTEN_MS) this.noteAges();
    // One by one: there may be more than a call can have arguments.
    for (const name of this.#rules.takeChanges()) this.#outages.push(name);
    for (const [kind, group] of Map.groupBy(notices, ({ kind }) => kind)) {
      if (this.#options.kinds.has(kind)) this.#post(kind, group);
    }
    return notices.length > 0;
  }

  /** Has it written, with the next commit, how long deliveries have waited. */
  noteAges(): void {
    this.#agesWrittenAt = this.#context.now();
    this.#writesAges = [...this.#ready.values()].some(({ length }) => length > 0);
  }

  /** Writes all that waits. The caller provides the transaction. */
  write(database: Database): void {
    const insert = database.prepare(INSERT);
    for (const delivery of this.#fresh) this.#insert(insert, delivery);
    if (this.#writesAges) {
      const now = this.#context.now();
      const update = database.prepare(UPDATE_AGE);
      for (const deliveries of this.#ready.values()) {
        for (const { id, target, createdAt } of deliveries) {
          update.run(Math.round(now - createdAt), id, target);
        }
      }
    }
    const remove = database.prepare(DELETE);
    for (const { id, target } of this.#done) remove.run(id, target);
    const { clock, now } = this.#context;
    writeOutages(database, this.#rules, new Set(this.#outages), now(), clock.wall());
    this.#written = {
      fresh: this.#fresh.length,
      done: this.#done.length,
      outages: this.#outages.length,
    };
  }

  /** Writes all that is known, for a database that has missed something. */
  writeAll(database: Database): void {
    database.prepare(DELETE_ALL).run();
    clearOutages(database);
    this.#done = [];
    this.#outages = [...this.#rules.outages.keys()];
    const insert = database.prepare(INSERT);
    for (const deliveries of this.#ready.values()) {
      for (const delivery of deliveries) this.#insert(insert, delivery);
    }
    this.write(database);
  }

  /** Takes note that what was written is on disk: it may be delivered. */
  settle(): void {
    const { fresh, done, outages } = this.#written;
    this.#written = { fresh: 0, done: 0, outages: 0 };
    this.#writesAges = false;
    this.#done.splice(0, done);
    this.#outages.splice(0, outages);
    const ready = this.#fresh.splice(0, fresh);
    for (const delivery of ready) this.#makeReady(delivery);
    if (ready.length > 0) this.#options.onReady();
  }

  /** The disk has failed: what is known only in memory is told all the same. */
  release(): void {
    this.#written = { fresh: this.#fresh.length, done: 0, outages: 0 };
    this.settle();
    // A database that comes back is written anew.
    this.#done = [];
    this.#outages = [];
  }

  /** The oldest delivery to a target. */
  next(target: string): Delivery | undefined {
    return this.#ready.get(target)?.[0];
  }

  /** Takes note that a delivery has arrived, or is given up. */
  finish(delivery: Delivery, end: "arrived" | "given-up"): void {
    const deliveries = this.#ready.get(delivery.target);
    const index = deliveries?.indexOf(delivery) ?? -1;
    if (index >= 0) deliveries?.splice(index, 1);
    if (end === "given-up") this.#dropped++;
    this.#done.push(delivery);
  }

  #post(kind: NoticeKind, notices: readonly Notice[]): void {
    const createdAt = this.#context.now();
    for (let start = 0; start < notices.length; start += NOTICES_PER_DELIVERY_MAX) {
      const id = this.#options.newId();
      const group = notices.slice(start, start + NOTICES_PER_DELIVERY_MAX);
      const body = this.#options.compose(id, kind, group);
      for (const target of this.#options.targets) {
        this.#fresh.push({ id, target, kind, body, createdAt });
      }
    }
  }

  #makeReady(delivery: Delivery): void {
    const deliveries = this.#ready.get(delivery.target);
    if (deliveries === undefined) return;
    deliveries.push(delivery);
    const oldest = deliveries[0];
    if (deliveries.length > DELIVERIES_PER_TARGET_MAX && oldest !== undefined) {
      this.finish(oldest, "given-up");
    }
  }

  #memberOf(ref: MemberRef) {
    const { members } = this.#context;
    const member = members.roster(ref.protocol)?.get(ref.id);
    const isPaused = members.pause !== undefined || member?.pause !== undefined;
    return member !== undefined && isPaused ? "paused" : member;
  }

  #insert(statement: StatementSync, { id, target, kind, body, createdAt }: Delivery): void {
    const waitedMs = Math.round(this.#context.now() - createdAt);
    const createdMs = Math.round(this.#context.clock.wall()) - waitedMs;
    statement.run(id, target, kind, toColumn(body), createdMs, waitedMs);
  }
}
