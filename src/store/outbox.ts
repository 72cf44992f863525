/**
 * Notifications that have not been delivered. They survive a kill. None is sent before it is on
 * disk, so that it is not sent again after a kill.
 *
 * @module
 */

import { type Clock, MINUTE_MS } from "../core/clock.ts";
import type { Events, Subscription } from "../core/events.ts";
import type { Member, MemberRef } from "../core/member.ts";
import type { Members } from "../core/members.ts";
import { Overruled } from "../core/overruled.ts";
import { type Notice, type NoticeKind, type NoticeOptions, NoticeRules } from "../core/notices.ts";
import type { Database } from "./database.ts";
import { readOutages, writeOutages } from "./outage_table.ts";
import { ReadyDeliveries } from "./ready_deliveries.ts";
import {
  clearAll,
  deleteDeliveries,
  type Delivery,
  hasNothingToTell,
  insertDeliveries,
  readDeliveries,
  updateAges,
} from "./outbox_table.ts";

/** The most notices in one delivery: members that are lost together share one message. */
export const NOTICES_PER_DELIVERY_MAX = 100;
/** The most notices from others that may wait to be written. */
const POSTED_MAX = 2_000;
/** The most events that may wait to be processed, and how often reminders are checked. */
const QUEUE_LENGTH = 100_000;
const TICK_MS: number = MINUTE_MS;
/** How often the ages of waiting deliveries are written; a kill loses at most that much. */
export const AGES_WRITTEN_MS: number = 10 * MINUTE_MS;

const NOTHING = { fresh: 0, done: 0, outages: 0 };

/** Options of an {@linkcode Outbox}. */
export interface OutboxOptions extends NoticeOptions {
  /** Names of the targets; deliveries to other targets are dropped. */
  readonly targets: readonly string[];
  /**
   * Takes a notice away from this outbox if somebody else decides whether to send it; an approved
   * notice comes back with {@linkcode Outbox.post}.
   */
  readonly isHandedOn?: ((notice: Notice) => boolean) | undefined;
  /** Writes a message about notices of one kind. */
  readonly compose: (id: string, kind: NoticeKind, notices: readonly Notice[]) => string;
  /** Called when there may be something to deliver. Must return at once. */
  readonly onReady: () => void;
}

/** What the outbox needs from its store. */
export interface OutboxContext {
  readonly clock: Clock;
  readonly now: () => number;
  readonly members: Members;
  readonly events: Events;
}

/** Turns events into deliveries, and keeps them until they are delivered. */
export class Outbox {
  #options: OutboxOptions | undefined;
  readonly #context: OutboxContext;
  #rules: NoticeRules | undefined;
  #isOpen = false;
  #subscription: Subscription | undefined;
  #tickedAt: number;
  /** Deliveries that may be sent. */
  readonly #ready = new ReadyDeliveries();
  /** Notices that somebody else has decided to send. */
  #posted: { readonly id: string; readonly notices: readonly [Notice, ...Notice[]] }[] = [];
  /** What has not been committed. */
  #fresh: Delivery[] = [];
  /** What must be deleted from disk. */
  #done: Delivery[] = [];
  #outages: string[] = [];
  /** Whether everything on disk must be deleted. */
  #clears = false;
  /** Targets that were removed before the deliveries of an earlier run were restored. */
  readonly #removed = new Overruled<true>();
  /** Whether no target was left before then: nothing of the earlier run returns. */
  #isCleared = false;
  /** When the ages of deliveries were last written. */
  #agesWrittenAt: number;
  #writesAges = false;
  #written = NOTHING;
  #dropped = 0;

  /** @param options The targets and rules; `undefined` while there is no target. */
  constructor(options: OutboxOptions | undefined, context: OutboxContext) {
    this.#context = context;
    this.#tickedAt = context.now();
    this.#agesWrittenAt = this.#tickedAt;
    this.direct(options);
  }

  /**
   * Replaces targets and rules. Deliveries to a removed target are dropped; if no target is left,
   * the outages that people were told about are forgotten, too.
   */
  direct(options: OutboxOptions | undefined): void {
    const before = this.#options?.targets ?? [];
    this.#options = options;
    for (const target of before) {
      if (options?.targets.includes(target) !== true) this.#removed.note(target, true);
    }
    if (options === undefined) {
      if (this.#rules === undefined) return;
      this.#isCleared = true;
      this.#rules = undefined;
      this.#unsubscribe();
      this.#ready.direct(new Set());
      this.#posted = [];
      this.#fresh = [];
      this.#done = [];
      this.#outages = [];
      this.#clears = true;
      return;
    }
    const targets = new Set(options.targets);
    for (const delivery of this.#ready.direct(targets)) this.#done.push(delivery);
    this.#fresh = this.#fresh.filter(({ target }) => targets.has(target));
    if (this.#rules !== undefined) return this.#rules.replace(options);
    this.#rules = new NoticeRules(options);
    if (!this.#isOpen) return;
    // Tell a new target which members are lost already.
    this.#expectUntold();
    this.open();
  }

  /** Whether something is waiting to be written. */
  get waiting(): boolean {
    return this.#fresh.length > 0 || this.#done.length > 0 || this.#outages.length > 0 ||
      this.#writesAges || this.#clears;
  }

  /** Number of deliveries that have not arrived. */
  get size(): number {
    return this.#fresh.length + this.#ready.size;
  }

  /** Number of deliveries that were given up. */
  get dropped(): number {
    return this.#dropped + (this.#subscription?.dropped ?? 0);
  }

  /** Samples for the metrics of waiting deliveries. */
  metrics(): Readonly<Record<string, number>> {
    return {
      pulsebox_notifications_waiting: this.size,
      pulsebox_notifications_dropped_total: this.dropped,
    };
  }

  /** Starts listening. Idempotent. */
  open(): void {
    this.#isOpen = true;
    if (this.#options === undefined) return;
    this.#subscription ??= this.#context.events.subscribe({ capacity: QUEUE_LENGTH });
  }

  /** Stops listening. Idempotent. */
  close(): void {
    this.#isOpen = false;
    this.#unsubscribe();
  }

  #unsubscribe(): void {
    this.#dropped = this.dropped;
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /** Restores the deliveries and outages of an earlier run; `wallMs` as for members. */
  load(database: Database, wallMs: number): void {
    const rules = this.#rules;
    if (rules === undefined) {
      // Deliveries that an earlier run with webhooks left behind are out of date by now.
      this.#clears = !hasNothingToTell(database);
      return;
    }
    const { now } = this.#context;
    if (this.#isCleared) this.#clears = true;
    else for (const outage of readOutages(database, now(), wallMs)) rules.restore(outage);
    this.#expectUntold();
    for (const delivery of this.#isCleared ? [] : readDeliveries(database, now())) {
      const { target } = delivery;
      if (this.#ready.takes(target) && !this.#removed.get(target)) this.#makeReady(delivery);
      else this.#done.push(delivery);
    }
    this.#options?.onReady();
  }

  /** Records that everything of an earlier run is restored. */
  endRestoring(): void {
    this.#removed.end();
  }

  #expectUntold(): void {
    for (const roster of this.#context.members.rosters()) {
      for (const member of roster.values()) {
        if (member.state !== "lost" && member.state !== "gone") continue;
        this.#rules?.restoreUntold(roster.ref(member), member.heardAt);
      }
    }
  }

  /**
   * Takes in the events since the last call.
   *
   * @return True if there is something new to send.
   */
  collect(): boolean {
    const [rules, options] = [this.#rules, this.#options];
    if (rules === undefined || options === undefined) return false;
    const notices = rules.takeOwed();
    for (let event = this.#subscription?.take(); event; event = this.#subscription?.take()) {
      for (const notice of rules.take(event)) notices.push(notice);
    }
    const now = this.#context.now();
    if (now - this.#tickedAt >= TICK_MS) {
      this.#tickedAt = now;
      const { members } = this.#context;
      for (const notice of rules.tick(now, (ref) => memberOf(members, ref))) notices.push(notice);
    }
    if (now - this.#agesWrittenAt >= AGES_WRITTEN_MS) this.noteAges();
    // Push one by one: there may be more than one call accepts as arguments.
    for (const name of rules.takeChanges()) this.#outages.push(name);
    const own = notices.filter((notice) => options.isHandedOn?.(notice) !== true);
    for (const [kind, group] of Map.groupBy(own, ({ kind }) => kind)) {
      if (options.kinds.has(kind)) this.#compose(options, kind, group);
    }
    const posted = this.#posted.splice(0);
    for (const { id, notices } of posted) this.#write(options, id, notices[0].kind, notices);
    return notices.length > 0 || posted.length > 0;
  }

  /**
   * Sends notices that were decided elsewhere as one message, unless it is waiting already or of an
   * unwanted kind.
   *
   * @param notices Of one kind, at most {@linkcode NOTICES_PER_DELIVERY_MAX}.
   */
  post(id: string, notices: readonly [Notice, ...Notice[]]): void {
    if (this.#options?.kinds.has(notices[0].kind) !== true || this.isWaiting(id)) return;
    if (this.#posted.length < POSTED_MAX) this.#posted.push({ id, notices });
  }

  /** Whether a message is waiting to be delivered to any target. */
  isWaiting(id: string): boolean {
    return this.#posted.some((posted) => posted.id === id) ||
      this.#fresh.some((delivery) => delivery.id === id) || this.#ready.has(id);
  }

  /** Makes the next commit write the ages of deliveries and the lengths of outages. */
  noteAges(): void {
    this.#agesWrittenAt = this.#context.now();
    for (const name of this.#rules?.outages.keys() ?? []) this.#outages.push(name);
    this.#writesAges = this.#ready.size > 0;
  }

  /** Writes everything that is waiting. The caller provides the transaction. */
  write(database: Database): void {
    const { clock, now } = this.#context;
    if (this.#clears) clearAll(database);
    insertDeliveries(database, this.#fresh, now(), clock.wall());
    if (this.#writesAges) updateAges(database, this.#ready.values(), now());
    deleteDeliveries(database, this.#done);
    if (this.#rules) writeOutages(database, this.#rules, this.#outages, now(), clock.wall());
    const [fresh, done, outages] = [this.#fresh, this.#done, this.#outages];
    this.#written = { fresh: fresh.length, done: done.length, outages: outages.length };
  }

  /** Writes everything, for a database that has missed changes. */
  writeAll(database: Database): void {
    const { clock, now } = this.#context;
    this.#clears = false;
    clearAll(database);
    this.#done = [];
    this.#outages = [...this.#rules?.outages.keys() ?? []];
    insertDeliveries(database, this.#ready.values(), now(), clock.wall());
    this.write(database);
  }

  /** Records that the last write is on disk: its deliveries may be sent. */
  settle(): void {
    const { fresh, done, outages } = this.#written;
    this.#written = NOTHING;
    this.#writesAges = false;
    this.#clears = false;
    this.#done.splice(0, done);
    this.#outages.splice(0, outages);
    const ready = this.#fresh.splice(0, fresh);
    for (const delivery of ready) this.#makeReady(delivery);
    if (ready.length > 0) this.#options?.onReady();
  }

  /** The disk has failed: deliveries that exist only in memory may be sent all the same. */
  release(): void {
    this.#written = { fresh: this.#fresh.length, done: 0, outages: 0 };
    this.settle();
    // A database that comes back is rewritten completely.
    this.#done = [];
    this.#outages = [];
  }

  /** The oldest delivery to a target. */
  next(target: string): Delivery | undefined {
    return this.#ready.next(target);
  }

  /** Records that a delivery has arrived or was given up. */
  finish(delivery: Delivery, end: "arrived" | "given-up"): void {
    this.#ready.delete(delivery);
    if (end === "given-up") this.#dropped++;
    this.#done.push(delivery);
  }

  #compose(options: OutboxOptions, kind: NoticeKind, notices: readonly Notice[]): void {
    for (let start = 0; start < notices.length; start += NOTICES_PER_DELIVERY_MAX) {
      const group = notices.slice(start, start + NOTICES_PER_DELIVERY_MAX);
      this.#write(options, options.newId(), kind, group);
    }
  }

  #write(options: OutboxOptions, id: string, kind: NoticeKind, notices: readonly Notice[]): void {
    const body = options.compose(id, kind, notices);
    const createdAt = this.#context.now();
    for (const target of options.targets) this.#fresh.push({ id, target, kind, body, createdAt });
  }

  #makeReady(delivery: Delivery): void {
    const crowdedOut = this.#ready.add(delivery);
    if (crowdedOut !== undefined) this.finish(crowdedOut, "given-up");
  }
}

/** A member, unless nothing may be told of it because of maintenance, or because nobody is heard. */
function memberOf(members: Members, { protocol, id }: MemberRef): Member | "paused" | undefined {
  const roster = members.roster(protocol);
  const member = roster?.get(id);
  const isPaused = members.pause !== undefined || member?.pause !== undefined || roster?.isDeaf;
  return member !== undefined && isPaused ? "paused" : member;
}
