/**
 * How a member goes from one state to the next.
 *
 * @module
 */

import { assert } from "./assert.ts";
import type { Events, ForgetCause } from "./events.ts";
import { stageOfState } from "./excuse.ts";
import {
  type Acknowledgement,
  type Member,
  type MemberRef,
  type MemberState,
  type Protocol,
  type Stage,
  stateAfterSilence,
  type StateCause,
} from "./member.ts";
import type { LostAfter } from "./lost_after.ts";
import type { MemberIndex } from "./member_index.ts";
import type { MemberLeases } from "./member_leases.ts";

/** Collects which records a store has to write. */
export interface Changes {
  changed(member: Member): void;
  /** A record ended. */
  removed(id: string, left: Left): void;
  /** Somebody said goodbye who is not known in this run. */
  stranger(id: string): void;
}

/** What may remain of what an earlier run has stored of a member that has left in this run. */
export type Left = "nothing" | "maintenance";

/**
 * What may remain of a member.
 *
 * @param isPauseDecided Whether an operator has begun or ended its maintenance in this run.
 */
export function leftAfter(cause: ForgetCause, isPauseDecided: boolean): Left {
  // Maintenance outlives whatever the member itself does.
  const isDecided = isPauseDecided || cause === "operator" || cause === "setting";
  return isDecided ? "nothing" : "maintenance";
}

/** The parts of a roster that take part in a change of state. */
export interface MemberMovesParts {
  readonly protocol: Protocol;
  readonly events: Events;
  readonly changes: Changes | undefined;
  readonly index: MemberIndex;
  readonly leases: MemberLeases;
}

/** Changes states and publishes the events. The caller arms the deadlines. */
export class MemberMoves {
  readonly #parts: MemberMovesParts;

  constructor(parts: MemberMovesParts) {
    this.#parts = parts;
  }

  /** A member's names as the world outside of the core sees them. */
  ref(member: Member): MemberRef {
    const { id, name, address } = member;
    return { protocol: this.#parts.protocol, id, name, address };
  }

  /** Records who looks after a member; `undefined` means that nobody does. */
  acknowledge(member: Member, acknowledgement: Acknowledgement | undefined, now: number): void {
    if (acknowledgement === undefined && member.acknowledgement === undefined) return;
    member.acknowledgement = acknowledgement;
    this.#parts.changes?.changed(member);
    const ref = this.ref(member);
    this.#parts.events.publish(
      acknowledgement === undefined ? { type: "member-unacknowledged", at: now, member: ref } : {
        type: "member-acknowledged",
        at: now,
        member: ref,
        by: acknowledgement.by,
        note: acknowledgement.note,
      },
    );
  }

  /** Records the silence after which a member asks to count as lost, and arms it. */
  choose(member: Member, lostAfter: LostAfter): void {
    const { lostAfter: before } = member;
    if (before?.unit === lostAfter.unit && before.value === lostAfter.value) return;
    member.lostAfter = lostAfter;
    this.#parts.changes?.changed(member);
    this.#parts.leases.arm(member);
  }

  /** Makes a failed member lost at once, and arms it. */
  toFailed(member: Member, reason: string, now: number): void {
    const { state, heardAt } = member;
    const { changes, index, leases } = this.#parts;
    if (state === "gone") index.markBack(member);
    member.beats++;
    member.heardAt = now;
    member.stage = stageOfState("lost");
    member.failure = reason;
    changes?.changed(member);
    if (state !== "lost") this.to(member, "lost", "failed", now - heardAt, now);
    leases.arm(member);
  }

  /** Makes a member lost that said goodbye although it is expected, and arms it. */
  toMissing(member: Member, now: number): void {
    if (member.state === "gone") this.#parts.index.markBack(member);
    member.beats = 0;
    member.failure = undefined;
    member.stage = stageOfState("lost");
    this.#parts.changes?.changed(member);
    if (member.state !== "lost") this.to(member, "lost", "done", now - member.heardAt, now);
    this.#parts.leases.arm(member);
  }

  /** Makes a member unknown that said goodbye during its maintenance, and arms it. */
  toUnknown(member: Member, now: number): void {
    if (member.state === "gone") this.#parts.index.markBack(member);
    member.beats = 0;
    member.stage = 0;
    if (member.state !== "unknown") this.to(member, "unknown", "done", now - member.heardAt, now);
    this.#parts.leases.arm(member);
  }

  /** Moves a member one stage further, so that even a late call skips no state. */
  step(member: Member, silentMs: number, now: number): void {
    member.stage = (member.stage + 1) as Stage;
    if (member.stage === 1) {
      this.#parts.events.publish({
        type: "member-missed",
        at: now,
        member: this.ref(member),
        silentMs,
      });
      return;
    }
    const target = stateAfterSilence(member.state, member.stage);
    if (target === member.state) return;
    if (target === "gone") this.#parts.index.markGone(member);
    this.to(member, target, "silence", silentMs, now);
  }

  /** Moves a member into another state and publishes the event. */
  to(member: Member, to: MemberState, cause: StateCause, silentMs: number, now: number): void {
    const from = member.state;
    assert(from !== to, "a state change changes the state");
    member.state = to;
    member.since = now;
    // Whoever looked after it is done once it is heard, or nobody waits for it any more.
    if (cause === "heard" || to === "unknown") member.acknowledgement = undefined;
    if (to !== "lost" && to !== "gone") member.failure = undefined;
    const reason = cause === "failed" ? member.failure : undefined;
    this.#parts.changes?.changed(member);
    const paused = this.#parts.leases.isHeld("maintenance") || member.pause !== undefined;
    this.#parts.events.publish({
      type: "member-state",
      at: now,
      member: this.ref(member),
      from,
      to,
      cause,
      ...(reason === undefined ? {} : { reason }),
      silentMs,
      paused,
    });
  }
}
