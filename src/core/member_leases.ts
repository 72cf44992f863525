/**
 * When each member takes its next step unless it is heard.
 *
 * @module
 */

import { assert } from "./assert.ts";
import { LeaseTable, NO_LEASE } from "./lease_table.ts";
import { type Member, silenceOfNextStageMs } from "./member.ts";
import type { SilenceLimits } from "./silence_limits.ts";
import { excusedSilenceMs, stageOfState } from "./excuse.ts";
import { limitsWith, type LostAfter } from "./lost_after.ts";

/** The rules by which {@linkcode MemberLeases} sets deadlines. */
export interface MemberLeasesRules {
  /** The most members at once. */
  membersMax: number;
  limits: SilenceLimits;
  /**
   * A choice of "lost" that overrides `limits`: the operator's for this member or for all, or the
   * member's own.
   */
  lostAfterOf?: (member: Member) => LostAfter | undefined;
  /** How long a gone member is remembered, in milliseconds. */
  rememberGoneMs: number;
}

/**
 * Why no member's silence counts: the whole host is in maintenance, or it cannot hear any member.
 */
export type Hold = "maintenance" | "deafness";

/** One lease for each member of a roster; every deadline follows from the member's own fields. */
export class MemberLeases {
  readonly #rules: MemberLeasesRules;
  readonly #leases: LeaseTable<Member>;
  readonly #holds = new Set<Hold>();

  /** @param now Listening time in milliseconds, as in all methods. */
  constructor(rules: MemberLeasesRules, now: number) {
    this.#rules = rules;
    this.#leases = new LeaseTable({ now, leasesMax: rules.membersMax });
  }

  /** Whether no silence counts for this reason. */
  isHeld(hold: Hold): boolean {
    return this.#holds.has(hold);
  }

  /** Stops counting silence until the same hold is released. */
  hold(hold: Hold, members: Iterable<Member>): void {
    this.#holds.add(hold);
    for (const member of members) this.arm(member);
  }

  /** Ends one hold. Silence counts again from now on, unless another hold remains. */
  release(hold: Hold, members: Iterable<Member>, now: number): void {
    if (!this.#holds.delete(hold)) return;
    for (const member of members) {
      // One with maintenance of its own is excused when that ends.
      if (member.pause === undefined) this.excuse(member, now);
    }
  }

  /** Gives a member a lease, which has no end until {@linkcode MemberLeases.arm} sets one. */
  admit(member: Member): void {
    const lease = this.#leases.add(member, Infinity);
    assert(lease !== undefined, "every member finds room in the lease table");
    member.lease = lease;
  }

  /** Ends a member's lease for good. */
  dismiss(member: Member): void {
    this.#leases.remove(member.lease);
    member.lease = NO_LEASE;
  }

  /** Recomputes a member's deadline after any of its fields changed. */
  arm(member: Member): void {
    const armed = this.#leases.renew(member.lease, this.nextStepAt(member));
    assert(armed, "only a member of this roster is armed");
  }

  /** The limits of a member's silence. */
  limitsOf(member: Member): SilenceLimits {
    const { limits, lostAfterOf } = this.#rules;
    const lostAfter = lostAfterOf?.(member);
    return lostAfter === undefined ? limits : limitsWith(lostAfter, member.promiseMs, limits);
  }

  /** Forgives a silence that was not the member's fault, and arms the member. */
  excuse(member: Member, now: number): void {
    const silentMs = excusedSilenceMs(member, now - member.heardAt, this.limitsOf(member));
    member.heardAt = now - silentMs;
    member.stage = stageOfState(member.state);
    this.arm(member);
  }

  /** When a member takes its next step; `Infinity` if none comes. */
  deadline(member: Member): number {
    return this.#leases.deadline(member.lease) ?? Infinity;
  }

  /**
   * Hands out every member whose deadline has come, after giving it a new lease without an end.
   */
  advance(now: number, onDeadline: (member: Member) => void): void {
    this.#leases.advance(now, (member) => {
      this.admit(member);
      onDeadline(member);
    });
  }

  /** When {@linkcode MemberLeases.advance} is to be called next; `undefined` means never. */
  nextWake(): number | undefined {
    return this.#leases.nextWake();
  }

  /** When a member takes its next step, computed from its fields. */
  nextStepAt(member: Member): number {
    const { limits, rememberGoneMs } = this.#rules;
    if (member.pause !== undefined) return member.pause.until;
    if (this.#holds.size > 0) return Infinity;
    if (member.state === "gone") return member.since + rememberGoneMs;
    if (member.beats === 0) {
      return member.state === "starting" ? member.heardAt + member.promiseMs : Infinity;
    }
    // A choice of "lost" moves later stages only, so a heartbeat can skip the lookup.
    const ownLimits = member.stage === 0 ? limits : this.limitsOf(member);
    return member.heardAt + silenceOfNextStageMs(member.stage, member.promiseMs, ownLimits);
  }
}
