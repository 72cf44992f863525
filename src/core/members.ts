/**
 * All members of a host, whatever their protocols.
 *
 * @module
 */

import type { Events } from "./events.ts";
import type { Member, Pause, Protocol } from "./member.ts";
import { type MemberRecord, recordOf } from "./member_record.ts";
import type { Left } from "./member_moves.ts";
import { Overruled } from "./overruled.ts";
import { Roster, type RosterRules } from "./roster.ts";

/** What a store has to write: the record as it is now, or `undefined` if the record ended. */
export interface MemberChange {
  protocol: Protocol;
  id: string;
  record: MemberRecord | undefined;
}

/** Options of {@linkcode Members}. */
export interface MembersOptions {
  /** Listening time of the start in milliseconds. */
  now: number;
  events: Events;
  /** `collect` if a store takes the changes, `ignore` (default) if nobody does. */
  changes?: "collect" | "ignore";
}

/** The rosters of all protocols, and the maintenance of the host as a whole. */
export class Members {
  readonly #events: Events;
  readonly #rosters = new Map<Protocol, Roster>();
  readonly #changed = new Map<Protocol, Map<string, Member | undefined>>();
  readonly #collect: boolean;
  /** Members whose records ended before those of an earlier run were restored. */
  readonly #overruled = new Overruled<Left>();
  readonly #start: number;
  #pause: Pause | undefined;
  /** Whether maintenance was begun or ended in this run. */
  #isPauseDecided = false;

  constructor(options: MembersOptions) {
    this.#events = options.events;
    this.#start = options.now;
    this.#collect = options.changes === "collect";
  }

  /** Maintenance of the whole host. */
  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** Number of members of all protocols. */
  get size(): number {
    let size = 0;
    for (const roster of this.#rosters.values()) size += roster.size;
    return size;
  }

  /** The rosters in the order in which their roles came. */
  rosters(): IterableIterator<Roster> {
    return this.#rosters.values();
  }

  /** The roster of a protocol, if its role runs. */
  roster(protocol: Protocol): Roster | undefined {
    return this.#rosters.get(protocol);
  }

  /**
   * Opens the roster of a protocol.
   *
   * @throws {TypeError} if the protocol has one.
   */
  open(rules: RosterRules): Roster {
    const { protocol } = rules;
    if (this.#rosters.has(protocol)) {
      throw new TypeError(`Cannot open roster: protocol "${protocol}" has one`);
    }
    const changed = new Map<string, Member | undefined>();
    this.#changed.set(protocol, changed);
    const changes = this.#collect
      ? {
        changed: (member: Member) => void changed.set(member.id, member),
        removed: (id: string, left: Left) => {
          changed.set(id, undefined);
          this.#overrule(`${protocol}/${id}`, left);
        },
        stranger: (id: string) => this.#overrule(`${protocol}/${id}`, "maintenance"),
      }
      : undefined;
    const roster = new Roster(rules, this.#start, this.#events, changes);
    // A role that starts while the host is in maintenance is in maintenance too.
    if (this.#pause !== undefined) roster.hold("maintenance");
    this.#rosters.set(protocol, roster);
    return roster;
  }

  /**
   * What may be restored of a member whose record ended in this run; `undefined` if it did not end.
   */
  leftOf(protocol: Protocol, id: string): Left | undefined {
    return this.#overruled.get(`${protocol}/${id}`);
  }

  /** Records that everything of an earlier run is restored. */
  endRestoring(): void {
    this.#overruled.end();
  }

  /** Puts the whole host into maintenance; a later call replaces reason and end. */
  pauseAll(pause: Pause, now: number): void {
    this.#isPauseDecided = true;
    this.#pause = pause;
    for (const roster of this.#rosters.values()) roster.hold("maintenance");
    this.#events.publish({ type: "member-paused", at: now, member: undefined, pause });
  }

  /**
   * Goes on with the maintenance that an earlier run was in, unless an operator has begun or ended one
   * in this run: a disk that fails at the start may bring the old one back much later.
   */
  restorePause(pause: Pause, now: number): void {
    if (!this.#isPauseDecided) this.pauseAll(pause, now);
  }

  /** Ends the maintenance of the host; members in maintenance of their own stay in it. */
  resumeAll(cause: "operator" | "time", now: number): void {
    this.#isPauseDecided = true;
    if (this.#pause === undefined) return;
    this.#pause = undefined;
    for (const roster of this.#rosters.values()) roster.release("maintenance", now);
    this.#events.publish({ type: "member-resumed", at: now, member: undefined, cause });
  }

  /** Moves every member whose deadline has come. Cheap when there is none. */
  advance(now: number): void {
    if (this.#pause !== undefined && this.#pause.until <= now) this.resumeAll("time", now);
    for (const roster of this.#rosters.values()) roster.advance(now);
  }

  /** When {@linkcode Members.advance} is to be called next; `undefined` means never. */
  nextWake(): number | undefined {
    let wake = this.#pause?.until ?? Infinity;
    for (const roster of this.#rosters.values()) wake = Math.min(wake, roster.nextWake() ?? wake);
    return wake === Infinity ? undefined : wake;
  }

  #overrule(name: string, left: Left): void {
    // Whoever ended its maintenance has the last word, however often the member leaves afterwards.
    this.#overruled.note(name, this.#overruled.get(name) === "nothing" ? "nothing" : left);
  }

  /** Number of records that {@linkcode Members.takeChanges} would hand out. */
  get changes(): number {
    let changes = 0;
    for (const changed of this.#changed.values()) changes += changed.size;
    return changes;
  }

  /**
   * What has changed since the last call, each record once and as it is now. The time of the last
   * heartbeat changes with every beat and does not count as a change: it is written along with the
   * next one that does.
   */
  takeChanges(now: number): MemberChange[] {
    const changes: MemberChange[] = [];
    for (const [protocol, changed] of this.#changed) {
      for (const [id, member] of changed) {
        changes.push({ protocol, id, record: member && recordOf(member, now) });
      }
      changed.clear();
    }
    return changes;
  }
}
