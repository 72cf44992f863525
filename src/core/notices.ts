/**
 * Decides which events people are notified of: each outage once, with reminders, and nothing in
 * maintenance.
 *
 * @module
 */

import type { ForgetCause, PulseEvent } from "./events.ts";
import type { Member, MemberRef } from "./member.ts";

/** What can be told. */
export type NoticeKind =
  | "lost"
  | "recovered"
  /** The outage is over although the member did not come back; see {@linkcode EndCause}. */
  | "ended"
  | "late"
  | "flapping"
  | "reminder"
  | "alarm";

/**
 * Why an outage is over without a return: its record ended, `unwatched`: its role or its setting is
 * gone, `crowded`: more outages are known than {@linkcode KNOWN_OUTAGES_MAX}.
 */
export type EndCause = ForgetCause | "unwatched" | "crowded";

/** One thing to tell. */
export interface Notice {
  readonly kind: NoticeKind;
  /**
   * Identifies the outage: all notices about one outage share it. Each notice of another kind has
   * its own.
   */
  readonly id: string;
  /** Listening time in milliseconds. */
  readonly at: number;
  readonly member?: MemberRef;
  /** Where the member is, as it has said itself; the operator's name for its address counts more. */
  readonly place?: string;
  /** How long the member had been silent, in milliseconds. */
  readonly silentMs?: number;
  /** How long the outage has lasted since the member was last heard, in milliseconds. */
  readonly downMs?: number;
  readonly endCause?: EndCause;
  /** Why the member failed. */
  readonly reason?: string;
  readonly alarm?: string;
  readonly priority?: string;
}

/** An outage that people know of. Times are listening time in milliseconds. */
export interface KnownOutage {
  readonly id: string;
  readonly member: MemberRef;
  /** When the member was last heard before it. */
  readonly since: number;
  /** When people were last told. */
  readonly toldAt: number;
  /** The kind of the last notice about it. */
  readonly told: "late" | "lost";
}

/** Options of {@linkcode NoticeRules}. */
export interface NoticeOptions {
  /** What is told at all. */
  readonly kinds: ReadonlySet<NoticeKind>;
  /** How long after the last notice of an outage people are reminded of it, in milliseconds. */
  readonly reminderMs: number;
  readonly isFlapping: (id: string) => boolean;
  /** Whether another host notifies people of this member, so that this one stays quiet. */
  readonly isOthers?: (member: MemberRef) => boolean;
  /** Makes a globally unique identity. */
  readonly newId: () => string;
}

/** The most outages tracked at a time; when there are more, the oldest is reported as ended. */
export const KNOWN_OUTAGES_MAX = 100_000;

/** Decides what to tell. */
export class NoticeRules {
  #options: NoticeOptions;
  /** Outages by the member's name, in the order in which they began. */
  readonly #outages = new Map<string, KnownOutage>();
  /** Outages that were not told because of maintenance or flapping; told if they outlast it. */
  readonly #quiet = new Map<string, { member: MemberRef; since: number }>();
  /**
   * Outages of an earlier run whose members were already well again in the database, with the
   * number of their beats at that time. The next beat proves that such a member is back, but makes
   * no event.
   */
  readonly #doubtful = new Map<string, number>();
  /** Names of outages that have changed since the last call of {@linkcode takeChanges}. */
  readonly #changed = new Set<string>();
  readonly #owed: Notice[] = [];

  constructor(options: NoticeOptions) {
    this.#options = options;
  }

  /** Replaces the options; the outages that people know of stay. */
  replace(options: NoticeOptions): void {
    this.#options = options;
  }

  /** The outages that people know of, by the member's name `PROTOCOL/IDENTITY`. */
  get outages(): ReadonlyMap<string, KnownOutage> {
    return this.#outages;
  }

  /** Names whose outages have begun, changed or ended since the last call. */
  takeChanges(): string[] {
    const names = [...this.#changed];
    this.#changed.clear();
    return names;
  }

  /**
   * Takes an outage of an earlier run. If people were told of another one in this run, the member
   * was back in between, which nobody was told: see {@linkcode NoticeRules.takeOwed}.
   */
  restore(outage: KnownOutage): void {
    const { id, member, since } = outage;
    const present = this.#outages.get(nameOf(member));
    if (present === undefined) {
      this.#outages.set(nameOf(member), outage);
      return;
    }
    const at = present.since;
    this.#owed.push({ kind: "recovered", id, at, member, downMs: at - since });
  }

  /** What to tell of outages that were over before they were restored; each is handed out once. */
  takeOwed(): Notice[] {
    return this.#owed.splice(0);
  }

  /**
   * Notes a member that an earlier run left lost without a notice, because it flapped or was in
   * maintenance.
   */
  restoreUntold(member: MemberRef, since: number): void {
    const name = nameOf(member);
    if (this.#isOthers(member)) return;
    if (!this.#outages.has(name)) remember(this.#quiet, name, { member, since });
  }

  /** What to tell of an event. */
  take(event: PulseEvent): Notice[] {
    switch (event.type) {
      case "member-state":
        return this.#isOthers(event.member) ? [] : this.#takeState(event);
      case "member-flapping": {
        const { at, member } = event;
        if (this.#isOthers(member)) return [];
        return [{ kind: "flapping", id: this.#options.newId(), at, member }];
      }
      case "member-forgotten":
        this.#quiet.delete(nameOf(event.member));
        return this.#close(nameOf(event.member), event.cause, event.at);
      case "alarm-raised": {
        const { at, alarm, priority } = event;
        return [{ kind: "alarm", id: this.#options.newId(), at, alarm, priority }];
      }
      default:
        return [];
    }
  }

  /**
   * What to tell because time has passed. To be called about each minute.
   *
   * @param memberOf Finds a member that is not in maintenance.
   */
  tick(now: number, memberOf: (ref: MemberRef) => Member | "paused" | undefined): Notice[] {
    const notices: Notice[] = [];
    for (const [name, outage] of this.#outages) {
      const member = memberOf(outage.member);
      if (member === "paused") continue;
      if (member === undefined) notices.push(...this.#close(name, "unwatched", now));
      else if (isThere(member)) {
        const beats = this.#doubtful.get(name);
        if (beats === undefined) this.#doubtful.set(name, member.beats);
        else if (member.beats > beats) notices.push(this.#recover(name, outage, now));
      } else if (this.#isForgotten(outage, member, now)) {
        this.#set(name, { ...outage, toldAt: now });
        const { id, member: ref, since } = outage;
        notices.push({ kind: "reminder", id, at: now, member: ref, downMs: now - since });
      }
    }
    for (const [name, { member: ref, since }] of this.#quiet) {
      const member = memberOf(ref);
      if (member === "paused" || this.#options.isFlapping(name)) continue;
      this.#quiet.delete(name);
      if (member?.state === "lost" || member?.state === "gone") {
        notices.push(...this.#open("lost", name, ref, since, now));
      }
    }
    return notices;
  }

  #takeState(event: Extract<PulseEvent, { type: "member-state" }>): Notice[] {
    const { at, member, to, silentMs, paused } = event;
    const name = nameOf(member);
    const known = this.#outages.get(name);
    // Somebody expects it; nobody has heard it.
    if (event.cause === "announced") return [];
    if (to === "ok" || to === "starting") {
      this.#quiet.delete(name);
      return known === undefined ? [] : [this.#recover(name, known, at)];
    }
    // Nobody watches it any more; its maintenance alone is left.
    if (to === "unknown") {
      this.#quiet.delete(name);
      return this.#close(name, "done", at);
    }
    const isNews = known === undefined || known.told === "late" && to === "lost";
    // People who know already are not told again; nothing alarms in maintenance.
    if (!isNews) return [];
    if (paused || this.#options.isFlapping(name)) {
      if (to === "lost") remember(this.#quiet, name, { member, since: at - silentMs });
      return [];
    }
    if (to === "lost") {
      const { reason } = event;
      const notices = this.#open("lost", name, member, at - silentMs, at);
      if (reason === undefined) return notices;
      return notices.map((notice) => notice.kind === "lost" ? { ...notice, reason } : notice);
    }
    // Of what nobody is told, nobody is told the end.
    const isTold = to === "late" && this.#options.kinds.has("late");
    return isTold ? this.#open("late", name, member, at - silentMs, at) : [];
  }

  /** Begins an outage; one that was late and is lost now keeps its identity. */
  #open(
    told: KnownOutage["told"],
    name: string,
    member: MemberRef,
    since: number,
    at: number,
  ): Notice[] {
    const id = this.#outages.get(name)?.id ?? this.#options.newId();
    this.#quiet.delete(name);
    this.#doubtful.delete(name);
    this.#set(name, { id, member, since, toldAt: at, told });
    const notice: Notice = { kind: told, id, at, member, silentMs: at - since };
    const [oldest] = this.#outages.keys();
    const isFull = this.#outages.size > KNOWN_OUTAGES_MAX;
    return isFull && oldest !== undefined
      ? [notice, ...this.#close(oldest, "crowded", at)]
      : [notice];
  }

  #recover(name: string, { id, member, since }: KnownOutage, at: number): Notice {
    this.#end(name);
    return { kind: "recovered", id, at, member, downMs: at - since };
  }

  /** Ends an outage whose member did not come back. */
  #close(name: string, endCause: EndCause, at: number): Notice[] {
    const outage = this.#outages.get(name);
    if (outage === undefined) return [];
    this.#end(name);
    const { id, member, since } = outage;
    return [{ kind: "ended", id, at, member, downMs: at - since, endCause }];
  }

  /** Whoever looks after it needs no reminder. */
  #isForgotten({ told, toldAt }: KnownOutage, { acknowledgement }: Member, now: number): boolean {
    return told === "lost" && acknowledgement === undefined &&
      now - toldAt >= this.#options.reminderMs;
  }

  #isOthers(member: MemberRef): boolean {
    return this.#options.isOthers?.(member) ?? false;
  }

  #set(name: string, outage: KnownOutage): void {
    this.#outages.set(name, outage);
    this.#changed.add(name);
  }

  #end(name: string): void {
    this.#doubtful.delete(name);
    if (this.#outages.delete(name)) this.#changed.add(name);
  }
}

/** Heard since it was last lost, as far as its state says. */
function isThere({ state, beats }: Member): boolean {
  return beats > 0 && state !== "lost" && state !== "gone";
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= KNOWN_OUTAGES_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** A member's name towards people and disks: `PROTOCOL/IDENTITY`. */
export function nameOf({ protocol, id }: Pick<MemberRef, "protocol" | "id">): string {
  return `${protocol}/${id}`;
}
