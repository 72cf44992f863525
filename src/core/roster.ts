/**
 * The members of one protocol.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { BeatIntervals } from "./beat_intervals.ts";
import type { Events, ForgetCause } from "./events.ts";
import { NO_LEASE } from "./lease_table.ts";
import { MemberIndex, type MemberIndexLimits, type Refusal } from "./member_index.ts";
import type { LostAfter } from "./lost_after.ts";
import {
  type Acknowledgement,
  Member,
  type MemberRef,
  type MemberState,
  type Pause,
  type Protocol,
} from "./member.ts";
import type { SilenceLimits } from "./silence_limits.ts";
import { MemberLeases, type MemberLeasesRules } from "./member_leases.ts";
import { type Changes, leftAfter, MemberMoves } from "./member_moves.ts";
import { fillFromRecord, type MemberRecord } from "./member_record.ts";
/** What a protocol's members have in common. */
export interface RosterRules extends MemberIndexLimits, MemberLeasesRules {
  protocol: Protocol;
  /**
   * Parses an identity, so that an operator may name a member before it was ever heard; `undefined`
   * if it is not one of this protocol.
   */
  parseId?: (id: string) => Omit<MemberRef, "protocol"> | undefined;
}

/** Who was heard, and what it promised. */
export interface Heard {
  id: string;
  name: string;
  address: string;
  /** W: the longest silence that the member promises from now on, in milliseconds, more than 0. */
  promiseMs: number;
  /** `start`: the member announces its main loop; `beat`: it is in its main loop. */
  kind: "start" | "beat";
}

/** What ended a member: its silence, or the end of its record. */
export type EndCause = "silence" | ForgetCause;

/** Holds one protocol's members, moves them through their states, and tells what happened. */
export class Roster {
  readonly rules: RosterRules;
  readonly #events: Events;
  readonly #changes: Changes | undefined;
  readonly #index: MemberIndex;
  /** Identities of members that must be heard. */
  #expected: ReadonlySet<string> = new Set();
  readonly #leases: MemberLeases;
  readonly #moves: MemberMoves;
  /** Members whose maintenance was begun or ended in this run. */
  readonly #pauseDecided = new WeakSet<Member>();
  readonly #intervals = new BeatIntervals();
  #onEnd: ((member: Member, cause: EndCause, now: number) => void) | undefined;

  /** @param now Listening time in milliseconds, as in all methods. */
  constructor(rules: RosterRules, now: number, events: Events, changes?: Changes) {
    this.rules = rules;
    this.#events = events;
    this.#changes = changes;
    this.#index = new MemberIndex(rules);
    this.#leases = new MemberLeases(rules, now);
    const { protocol } = rules;
    const parts = { protocol, events, changes, index: this.#index, leases: this.#leases };
    this.#moves = new MemberMoves(parts);
  }

  /**
   * Sets who is told of each member that is gone or whose record ends, within the call that ends it.
   * A member that is gone ends a second time when its record does.
   */
  whenEnded(onEnd: (member: Member, cause: EndCause, now: number) => void): void {
    this.#onEnd = onEnd;
  }

  /** Number of members, those that are gone or were never heard of included. */
  get size(): number {
    return this.#index.size;
  }

  /** The member with this identity. */
  get(id: string): Member | undefined {
    return this.#index.get(id);
  }

  /** All members in the order of their registration. */
  values(): IterableIterator<Member> {
    return this.#index.values();
  }

  /** Renews a member that was heard; makes a record for a new one. */
  hear(heard: Heard, now: number): Member | Refusal {
    const member = this.#index.get(heard.id) ?? this.#register(heard, now);
    if (typeof member === "string") return member;
    this.renew(member, heard.promiseMs, heard.kind, now);
    return member;
  }

  /**
   * Records that a known member was heard. This is the hot path: usually it writes seven numbers.
   *
   * @return False, without any effect, if the member's record has ended; call
   * {@linkcode Roster.hear} then.
   */
  renew(member: Member, promiseMs: number, kind: Heard["kind"], now: number): boolean {
    assert(promiseMs > 0, "a promise is longer than nothing");
    assert(now >= member.heardAt, "time does not run backwards");
    if (member.lease === NO_LEASE) return false;
    const { state, heardAt, listed } = member;
    const target = kind === "start" ? "starting" : "ok";
    if (member.beats++ > 0) this.#intervals.note(member, now - heardAt);
    member.heardAt = now;
    member.stage = 0;
    if (promiseMs !== member.promiseMs || !listed) {
      member.promiseMs = promiseMs;
      this.#changes?.changed(member);
    }
    if (!listed) this.#index.markBack(member);
    if (state !== target) this.#moves.to(member, target, "heard", now - heardAt, now);
    this.#leases.arm(member);
    return true;
  }

  /**
   * Records that a member has failed: it is lost at once.
   *
   * @param reason The reason, as text for display.
   */
  fail(heard: Omit<Heard, "kind">, reason: string, now: number): Member | Refusal {
    const member = this.#index.get(heard.id) ?? this.#register(heard, now);
    if (typeof member === "string") return member;
    member.promiseMs = heard.promiseMs;
    this.#moves.toFailed(member, reason, now);
    return member;
  }

  /** Sets the members that are expected: after a goodbye they stay listed, as lost. */
  expect(ids: ReadonlySet<string>): void {
    this.#expected = ids;
  }

  /** Forgets a member that said goodbye, but not its maintenance. */
  leave(id: string, now: number): void {
    const member = this.#index.get(id);
    // An earlier run may know it, and its record may not be restored yet.
    if (member === undefined) this.#changes?.stranger(id);
    else this.forget(member, "done", now);
  }

  /**
   * Ends a member's record. A member that says goodbye during its maintenance keeps the maintenance
   * and nothing else. No effect on a record that has ended.
   */
  forget(member: Member, cause: ForgetCause, now: number): void {
    if (member.lease === NO_LEASE) return;
    this.#onEnd?.(member, cause, now);
    if (cause === "done" && this.#expected.has(member.id)) {
      return this.#moves.toMissing(member, now);
    }
    if (member.pause !== undefined && cause === "done") return this.#moves.toUnknown(member, now);
    this.#leases.dismiss(member);
    this.#index.delete(member);
    this.#intervals.drop(member, this.#index.size);
    this.#changes?.removed(member.id, leftAfter(cause, this.#pauseDecided.has(member)));
    this.#events.publish({ type: "member-forgotten", at: now, member: this.ref(member), cause });
  }

  /**
   * Expects a member to be heard within a grace period, or it is lost. No effect on a known member.
   *
   * @param graceMs Milliseconds, more than 0.
   */
  announce(ref: Omit<MemberRef, "protocol">, graceMs: number, now: number): Member | Refusal {
    const known = this.#index.get(ref.id);
    if (known?.listed) return known;
    const member = known ?? this.#register({ ...ref, promiseMs: graceMs }, now);
    if (typeof member === "string") return member;
    member.promiseMs = graceMs;
    member.heardAt = now;
    member.stage = 0;
    member.beats = 0;
    this.#changes?.changed(member);
    if (member.state === "gone") this.#index.markBack(member);
    if (member.state !== "starting") this.#moves.to(member, "starting", "announced", 0, now);
    this.#leases.arm(member);
    return member;
  }

  /** Puts a member into maintenance; a later call replaces reason and end. */
  pause(ref: Omit<MemberRef, "protocol">, pause: Pause, now: number): Member | Refusal {
    const member = this.#index.get(ref.id) ?? this.#register({ ...ref, promiseMs: 1 }, now);
    if (typeof member === "string") return member;
    this.#pauseDecided.add(member);
    member.pause = pause;
    this.#changes?.changed(member);
    this.#leases.arm(member);
    this.#events.publish({ type: "member-paused", at: now, member: this.ref(member), pause });
    return member;
  }

  /**
   * Goes on with the maintenance that a member was in during an earlier run, unless an operator has begun
   * or ended one in this run.
   */
  restorePause(member: Member, pause: Pause, now: number): void {
    if (!this.#pauseDecided.has(member)) this.pause(this.ref(member), pause, now);
  }

  /** Ends a member's maintenance. Its silence during maintenance does not count. */
  resume(member: Member, cause: "operator" | "time", now: number): void {
    this.#pauseDecided.add(member);
    if (member.pause === undefined) return;
    member.pause = undefined;
    this.#events.publish({ type: "member-resumed", at: now, member: this.ref(member), cause });
    const end = cause === "time" ? "aged" : cause;
    if (member.state === "unknown") return this.forget(member, end, now);
    this.#changes?.changed(member);
    this.#leases.excuse(member, now);
  }

  /** Starts a member's silence over, with another promise. */
  excuse(member: Member, promiseMs: number, now: number): void {
    assert(promiseMs > 0, "a promise is longer than nothing");
    member.promiseMs = promiseMs;
    this.#changes?.changed(member);
    this.#leases.excuse(member, now);
  }

  /**
   * Records whether this host hears the members at all. While it does not, no silence counts. No
   * effect if it is as before.
   */
  setDeaf(isDeaf: boolean, now: number): void {
    if (isDeaf === this.isDeaf) return;
    if (isDeaf) this.#leases.hold("deafness", this.#index.values());
    else this.#leases.release("deafness", this.#index.values(), now);
    const type = isDeaf ? "deafness-began" : "deafness-ended";
    this.#events.publish({ type, at: now, protocol: this.rules.protocol });
  }

  /** Whether this host hears none of the members. */
  get isDeaf(): boolean {
    return this.#leases.isHeld("deafness");
  }

  /**
   * A member's state as far as it is known now, which is what may be shown: while nobody is heard,
   * nobody is known to be well. A member that was lost before is not heard either.
   */
  stateOf({ state }: Member): MemberState {
    return this.isDeaf && state !== "lost" && state !== "gone" ? "unknown" : state;
  }

  /** When {@linkcode Roster.stateOf} a member began, in listening time (ms). */
  sinceOf(member: Member): number {
    return this.stateOf(member) === member.state ? member.since : member.heardAt;
  }

  /** Stops counting silence until the same hold is released. */
  hold(hold: "maintenance"): void {
    this.#leases.hold(hold, this.#index.values());
  }

  /** Ends one hold. Silence counts again from now on, unless another hold remains. */
  release(hold: "maintenance", now: number): void {
    this.#leases.release(hold, this.#index.values(), now);
  }

  /** Moves every member whose deadline has come. Cheap when there is none. */
  advance(now: number): void {
    this.#leases.advance(now, (member) => this.#onDeadline(member, now));
  }

  /** When {@linkcode Roster.advance} is to be called next; `undefined` means never. */
  nextWake(): number | undefined {
    return this.#leases.nextWake();
  }

  /** When a member takes its next step unless it is heard; `Infinity` if none comes. */
  deadline(member: Member): number {
    return this.#leases.deadline(member);
  }

  /** The limits of a member's silence, in multiples of its promise: late, lost and gone. */
  limitsOf(member: Member): SilenceLimits {
    return this.#leases.limitsOf(member);
  }

  /** Records the silence after which a member that was just heard asks to count as lost. */
  choose(member: Member, lostAfter: LostAfter): void {
    this.#moves.choose(member, lostAfter);
  }

  /** Records who looks after a member; `undefined` means that nobody does. */
  acknowledge(member: Member, by: Acknowledgement | undefined, now: number): void {
    this.#moves.acknowledge(member, by, now);
  }

  /**
   * The member's last intervals between beats, the newest last, in milliseconds. Empty if there are
   * too many members to keep them.
   */
  intervalsOf(member: Member): number[] {
    return this.#intervals.of(member);
  }

  /** A member's names as the world outside of the core sees them. */
  ref(member: Member): MemberRef {
    return this.#moves.ref(member);
  }

  /**
   * Restores a record of an earlier run. Our absence makes no member late: each has at least one
   * whole promise W before its next step.
   */
  restore(record: MemberRecord, now: number): Member | Refusal {
    if (this.#index.get(record.id) !== undefined) return "full";
    const member = this.#admit(record, now);
    if (typeof member === "string") return member;
    fillFromRecord(member, record, now);
    if (member.state === "gone") this.#index.markGone(member);
    // Write the record again, measured on the clocks of this run, without an event.
    this.#changes?.changed(member);
    this.#leases.excuse(member, now);
    return member;
  }

  #register(ref: Omit<Heard, "kind">, now: number): Member | Refusal {
    const member = this.#admit(ref, now);
    if (typeof member === "string") return member;
    this.#changes?.changed(member);
    this.#events.publish({ type: "member-registered", at: now, member: this.ref(member) });
    return member;
  }

  #admit(ref: Omit<Heard, "kind">, now: number): Member | Refusal {
    const room = this.#index.roomFor(ref.address);
    if (typeof room === "string") return room;
    if (room !== undefined) this.forget(room, "displaced", now);
    const member = new Member(ref, ref.promiseMs, now);
    this.#index.add(member);
    this.#intervals.count(this.#index.size);
    this.#leases.admit(member);
    return member;
  }

  #onDeadline(member: Member, now: number): void {
    if (member.pause !== undefined) {
      assert(member.pause.until <= now, "a member in maintenance wakes only for its end");
      return this.resume(member, "time", now);
    }
    if (member.state === "gone") return this.forget(member, "aged", now);
    const silentMs = now - member.heardAt;
    if (member.beats === 0) {
      this.#moves.to(member, "lost", "never-heard", silentMs, now);
    } else {
      do this.#moves.step(member, silentMs, now); while (
        member.stage < 4 && this.#leases.nextStepAt(member) <= now
      );
    }
    this.#leases.arm(member);
    if (member.stage === 4) this.#onEnd?.(member, "silence", now);
  }
}
