/**
 * Uptime: how much of the time each member was present, counted as time passes.
 *
 * Time is measured on the clock of the leases, which neither jumps nor runs while Pulsebox cannot
 * listen. The wall clock only says to which day the time belongs. Time is counted once and never
 * recounted, so no figure depends on how much of the history is kept.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import type { PulseEvent } from "./events.ts";
import type { Member } from "./member.ts";
import type { Members } from "./members.ts";
import { nameOf } from "./notices.ts";
import {
  type Dating,
  type MeasuredOutage,
  newOutage,
  presenceOf,
  type Preview,
  UptimeAccount,
  type Watched,
} from "./uptime_account.ts";
import { UptimeCircumstances } from "./uptime_circumstances.ts";
import { UptimeChanges } from "./uptime_changes.ts";
import type { WallTrack } from "./wall_track.ts";

/** The most members whose time is counted at once; further members have no figures. */
export const UPTIME_MEMBERS_MAX = 5_000;
/** What an earlier run left. */
export interface EarlierRun {
  /** Listening time back to which a silence may have been in it. */
  readonly silentFrom: number;
  /** Outages that lasted when it ended, by the member's name. */
  readonly lasting: ReadonlyMap<string, MeasuredOutage>;
}

/** The accounts of all members that are watched. */
export class UptimeLedger {
  /** What waits to be written. */
  readonly changes: UptimeChanges = new UptimeChanges();
  readonly #dating: Dating;
  readonly #accounts = new Map<string, UptimeAccount>();
  readonly #down = new Set<UptimeAccount>();
  readonly #circumstances = new UptimeCircumstances();
  #lastSeq = 0;
  #refused = 0;

  constructor(track: WallTrack, calendar: Calendar) {
    this.#dating = { track, calendar };
  }

  /** Number of members whose time is counted. */
  get size(): number {
    return this.#accounts.size;
  }

  /**
   * Number of members that were not counted, and of figures that were dropped before they could be
   * written.
   */
  get dropped(): number {
    return this.#refused + this.changes.dropped;
  }

  /** Makes the numbers of this run's outages continue those of earlier runs. */
  continueAfter(seq: number): void {
    const outages = new Set(this.changes.takeOutages());
    for (const { outage } of this.#down) if (outage !== undefined) outages.add(outage);
    this.#lastSeq += seq;
    for (const outage of outages) {
      outage.seq += seq;
      this.changes.noteOutage(outage);
    }
  }

  /**
   * Makes the accounts agree with the members, in case events were lost.
   *
   * @param now Listening time in milliseconds, as in all methods.
   * @param earlier What an earlier run knew; given once, after a restart.
   */
  adopt(members: Members, now: number, earlier?: EarlierRun): void {
    this.#circumstances.adopt(members);
    this.#alter(this.#accounts.values(), now);
    const seen = new Set<string>();
    for (const roster of members.rosters()) {
      const { protocol } = roster.rules;
      for (const member of roster.values()) {
        const watched = { protocol, id: member.id };
        const name = nameOf(watched);
        seen.add(name);
        this.#adopt(watched, member, now, earlier);
      }
    }
    for (const name of [...this.#accounts.keys()]) if (!seen.has(name)) this.#close(name, now);
  }

  /** Processes events in the order in which they happened. */
  take(event: PulseEvent): void {
    const concerned = this.#circumstances.take(event);
    if (concerned === "all") this.#alter(this.#accounts.values(), event.at);
    else if (concerned !== undefined) this.#alter(this.#accountsOf(concerned), event.at);
    switch (event.type) {
      case "member-state":
        this.#takeState(event);
        break;
      case "member-acknowledged":
      case "member-unacknowledged": {
        const account = this.#accounts.get(nameOf(event.member));
        const outage = account?.handle(event.type === "member-acknowledged" ? event : null);
        if (outage !== undefined) this.changes.noteOutage(outage);
        break;
      }
      case "member-forgotten":
        this.#close(nameOf(event.member), event.at);
        break;
      case "absence":
        this.#absent(event.at, event.absentMs);
        break;
      default:
    }
  }

  /** Counts everybody's time up to now. */
  countAll(now: number): void {
    for (const account of this.#accounts.values()) this.#count(account, now);
    for (const { outage } of this.#down) {
      if (outage !== undefined) outage.toMs = this.#dating.track.wallOf(now);
    }
  }

  /** What {@linkcode countAll} would add to a member's figures. */
  preview(member: Watched, now: number): Preview | undefined {
    const account = this.#accounts.get(nameOf(member));
    return account?.preview(now, this.#dating);
  }

  #takeState(event: Extract<PulseEvent, { type: "member-state" }>): void {
    const { at, member, to, cause, silentMs } = event;
    const name = nameOf(member);
    const account = this.#accounts.get(name);
    switch (to) {
      case "unknown":
        this.#close(name, at);
        break;
      case "starting":
      case "ok":
        // Somebody expects it; nobody has heard it.
        if (cause !== "announced" || account?.presence !== "down") this.#up(member, name, at);
        break;
      case "late":
        this.#late(account ?? this.#open(member, name, at, at), at);
        break;
      case "lost":
      case "gone":
        if (account?.presence === "down") break;
        this.#begin(account ?? this.#open(member, name, at, at), at, {
          cause,
          // A member that reports a failure or says goodbye was present until then.
          silentMs: cause === "silence" || cause === "never-heard" ? silentMs : 0,
        });
    }
  }

  #adopt(
    watched: Watched,
    member: Member,
    now: number,
    earlier: EarlierRun | undefined,
  ): void {
    const name = nameOf(watched);
    const lasting = earlier?.lasting.get(name);
    const wanted = presenceOf(member, lasting !== undefined);
    let account = this.#accounts.get(name);
    if (wanted === undefined) {
      if (account !== undefined) this.#close(name, now);
      return;
    }
    // What an earlier run saw of a silence counts too.
    account ??= this.#open(watched, name, now, earlier?.silentFrom ?? now);
    if (account === undefined) return;
    account.handle(member.acknowledgement ?? null);
    if (wanted !== "down") {
      if (account.presence === "down") this.#up(watched, name, now);
      else this.#count(account, now);
      account.presence = wanted;
      return;
    }
    const cause = member.failure === undefined ? "silence" : "failed";
    if (account.presence !== "down") this.#begin(account, now, { cause, silentMs: 0 });
    const part = lasting && account.join(lasting);
    if (part === undefined || lasting === undefined) return;
    this.changes.forgetOutage(part);
    this.changes.noteOutage(lasting);
  }

  #open(member: Watched, name: string, now: number, silentFrom: number): UptimeAccount | undefined {
    if (this.#accounts.size >= UPTIME_MEMBERS_MAX) {
      this.#refused++;
      return undefined;
    }
    const account = new UptimeAccount(member, now, silentFrom);
    account.circumstances = this.#circumstances.of(member);
    this.#accounts.set(name, account);
    return account;
  }

  #up(member: Watched, name: string, at: number): void {
    const account = this.#accounts.get(name) ?? this.#open(member, name, at, at);
    if (account === undefined) return;
    this.#endOutage(account, at);
    account.presence = "up";
    account.handle(null);
    account.silentFrom = at;
  }

  #late(account: UptimeAccount | undefined, at: number): void {
    if (account === undefined) return;
    this.#count(account, at);
    account.presence = "late";
  }

  #begin(
    account: UptimeAccount | undefined,
    at: number,
    { cause, silentMs }: { cause: string; silentMs: number },
  ): void {
    if (account === undefined) return;
    const outage = newOutage(++this.#lastSeq, account.member, cause, account.isPaused);
    account.begin(outage, at, silentMs, this.#dating);
    this.#down.add(account);
    this.changes.noteAccount(account);
    this.changes.noteOutage(outage);
  }

  #close(name: string, at: number): void {
    const account = this.#accounts.get(name);
    if (account === undefined) return;
    this.#endOutage(account, at);
    this.#accounts.delete(name);
  }

  /** Counts up to the end of an outage, or of anything else. */
  #endOutage(account: UptimeAccount, at: number): void {
    this.#count(account, at);
    const outage = account.end();
    this.#down.delete(account);
    if (outage !== undefined) this.changes.noteOutage(outage);
  }

  /** Lengthens running outages by a time in which listening time stood still. */
  #absent(at: number, absentMs: number): void {
    for (const account of this.#down) {
      this.#count(account, at);
      const { outage } = account;
      if (outage === undefined) continue;
      outage.unwatchedMs += absentMs;
      outage.toMs = this.#dating.track.wallOf(at);
    }
  }

  #accountsOf(member: Watched): UptimeAccount[] {
    const account = this.#accounts.get(nameOf(member));
    return account === undefined ? [] : [account];
  }

  /** Counts the time before circumstances changed. No later silence reaches back across that. */
  #alter(accounts: Iterable<UptimeAccount>, at: number): void {
    for (const account of accounts) {
      const now = this.#circumstances.of(account.member);
      const { paused, hostPaused, unheard } = account.circumstances;
      if (now.paused === paused && now.hostPaused === hostPaused && now.unheard === unheard) {
        continue;
      }
      this.#count(account, at);
      account.circumstances = now;
      account.silentFrom = at;
    }
  }

  #count(account: UptimeAccount, at: number): void {
    account.count(at, this.#dating);
    if (account.outage !== undefined) this.changes.noteOutage(account.outage);
    if (!account.fresh.isEmpty) this.changes.noteAccount(account);
  }
}
