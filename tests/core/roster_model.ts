/**
 * A naive model of a roster: it looks at every member each time, and knows no leases.
 *
 * All times are whole milliseconds, so that the model can ask for exact equality.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { ForgetCause } from "../../src/core/events.ts";
import type { LostAfter } from "../../src/core/lost_after.ts";
import type { MemberState, Pause, StateCause } from "../../src/core/member.ts";
import type { SilenceLimits } from "../../src/core/silence_limits.ts";
import type { RosterRules } from "../../src/core/roster.ts";

/** What the model expects to be told, without the names that say nothing new. */
export type Told =
  | { type: "member-registered"; at: number }
  | { type: "member-missed"; at: number; silentMs: number }
  | { type: "member-paused"; at: number; until: number }
  | { type: "member-resumed"; at: number; cause: "operator" | "time" }
  | { type: "member-forgotten"; at: number; cause: ForgetCause }
  | {
    type: "member-state";
    at: number;
    from: MemberState;
    to: MemberState;
    cause: StateCause;
    silentMs: number;
    paused: boolean;
    reason?: string;
  };

/** One member of the model. */
export interface ModelMember {
  id: string;
  address: string;
  state: MemberState;
  /** Steps of silence that were told: 1 missed, 2 late, 3 lost, 4 gone. */
  steps: number;
  promiseMs: number;
  heardAt: number;
  since: number;
  beats: number;
  pause: Pause | undefined;
  lostAfter: LostAfter | undefined;
  /** Why it failed, while that is the reason that it is lost or gone. */
  failure: string | undefined;
  /** The operation in which it went. */
  goneIn: number;
}

/** Members in the order in which a list would show them, and what was told of each. */
export class RosterModel {
  readonly rules: RosterRules;
  /** What the operator chose by identity; with an empty one for all others. */
  readonly operator: ReadonlyMap<string, LostAfter>;
  members: ModelMember[] = [];
  told: Map<string, Told[]> = new Map();
  hostPaused = false;
  /** Identities that must be heard. */
  expected: ReadonlySet<string> = new Set();
  #operation = 0;

  constructor(rules: RosterRules, operator: ReadonlyMap<string, LostAfter> = new Map()) {
    this.rules = rules;
    this.operator = operator;
  }

  /** Starts a new operation; what it tells is collected from here on. */
  begin(): void {
    this.#operation++;
    this.told = new Map();
  }

  get(id: string): ModelMember | undefined {
    return this.members.find((member) => member.id === id);
  }

  hear(
    id: string,
    address: string,
    promiseMs: number,
    kind: "start" | "beat",
    now: number,
    displaced: string | undefined,
  ): boolean {
    const member = this.get(id) ?? this.#register(id, address, now, displaced);
    if (member === undefined) return false;
    if (member.beats === 0 || member.state === "gone") this.#toEnd(member);
    const silentMs = now - member.heardAt;
    member.beats++;
    member.heardAt = now;
    member.promiseMs = promiseMs;
    member.steps = 0;
    this.#turn(member, kind === "start" ? "starting" : "ok", "heard", silentMs, now);
    return true;
  }

  announce(id: string, address: string, graceMs: number, now: number, displaced?: string): boolean {
    const known = this.get(id);
    if (known !== undefined && known.beats > 0 && known.state !== "gone") return true;
    const member = known ?? this.#register(id, address, now, displaced);
    if (member === undefined) return false;
    if (member.state === "gone") this.#toEnd(member);
    Object.assign(member, { beats: 0, heardAt: now, promiseMs: graceMs, steps: 0 });
    this.#turn(member, "starting", "announced", 0, now);
    return true;
  }

  fail(
    id: string,
    address: string,
    { promiseMs, reason }: { promiseMs: number; reason: string },
    now: number,
    displaced: string | undefined,
  ): boolean {
    const member = this.get(id) ?? this.#register(id, address, now, displaced);
    if (member === undefined) return false;
    if (member.state === "gone") this.#toEnd(member);
    const silentMs = now - member.heardAt;
    member.beats++;
    Object.assign(member, { promiseMs, heardAt: now, steps: 3, failure: reason });
    this.#turn(member, "lost", "failed", silentMs, now);
    return true;
  }

  leave(id: string, now: number): void {
    const member = this.get(id);
    if (member === undefined) return;
    if (this.expected.has(id)) {
      if (member.state === "gone") this.#toEnd(member);
      Object.assign(member, { beats: 0, steps: 3, failure: undefined });
      this.#turn(member, "lost", "done", now - member.heardAt, now);
      return;
    }
    if (member.pause === undefined) return this.#end(member, "done", now);
    if (member.state === "gone") this.#toEnd(member);
    Object.assign(member, { beats: 0, steps: 0 });
    this.#turn(member, "unknown", "done", now - member.heardAt, now);
  }

  forget(id: string, now: number): void {
    const member = this.get(id);
    if (member !== undefined) this.#end(member, "operator", now);
  }

  pause(id: string, address: string, pause: Pause, now: number, displaced?: string): boolean {
    const member = this.get(id) ?? this.#register(id, address, now, displaced);
    if (member === undefined) return false;
    member.pause = pause;
    this.#tell(member, { type: "member-paused", at: now, until: pause.until });
    return true;
  }

  resume(id: string, cause: "operator" | "time", now: number): void {
    const member = this.get(id);
    if (member?.pause === undefined) return;
    member.pause = undefined;
    this.#tell(member, { type: "member-resumed", at: now, cause });
    if (member.state !== "unknown") return this.excuse(member, now);
    this.#end(member, cause === "time" ? "aged" : "operator", now);
  }

  resumeHost(now: number): void {
    this.hostPaused = false;
    for (const member of this.members) if (member.pause === undefined) this.excuse(member, now);
  }

  /**
   * What counts is the silence that led to the state, none for one that said that it failed, and
   * nobody's next step is closer than one promise.
   */
  excuse(member: ModelMember, now: number): void {
    const limits = this.#limitsOf(member);
    const { state, promiseMs } = member;
    if (state === "gone") return;
    const nextMs = { late: limits.lost, lost: limits.gone }[state as string] ?? 1;
    const reachedMs = { late: limits.late, lost: limits.lost }[state as string] ?? 0;
    member.steps = { late: 2, lost: 3 }[state as string] ?? 0;
    if (member.beats === 0) member.heardAt = now;
    else {
      const own = member.failure === undefined ? reachedMs : 0;
      const reached = nextMs === Infinity ? Infinity : own;
      const countedMs = Math.min(
        now - member.heardAt,
        reached * promiseMs,
        nextMs * promiseMs - promiseMs,
      );
      member.heardAt = now - Math.max(0, countedMs);
    }
  }

  advance(now: number): void {
    for (const member of [...this.members]) this.#advance(member, now);
  }

  /** When the next thing happens to anybody, `Infinity` if nothing does. */
  nextAt(): number {
    return this.members.reduce((next, member) => Math.min(next, this.nextOf(member)), Infinity);
  }

  nextOf(member: ModelMember): number {
    const { rememberGoneMs } = this.rules;
    const { state, beats, heardAt, promiseMs, since, pause, steps } = member;
    if (pause !== undefined) return pause.until;
    if (this.hostPaused) return Infinity;
    if (state === "gone") return since + rememberGoneMs;
    if (beats === 0) return state === "starting" ? heardAt + promiseMs : Infinity;
    const { missed, late, lost, gone } = this.#limitsOf(member);
    return heardAt + ([missed, late, lost, gone][steps] ?? Infinity) * promiseMs;
  }

  choose(id: string, lostAfter: LostAfter): void {
    const member = this.get(id);
    if (member !== undefined) member.lostAfter = lostAfter;
  }

  /** Whatever is chosen, the way to it keeps its proportion; nobody is late later or gone sooner. */
  #limitsOf(member: ModelMember): SilenceLimits {
    const { limits } = this.rules;
    const lostAfter = this.operator.get(member.id) ?? member.lostAfter ?? this.operator.get("");
    if (lostAfter === undefined) return limits;
    const { unit, value } = lostAfter;
    const lost = Math.max(limits.missed, unit === "ms" ? value / member.promiseMs : value);
    const late = Math.max(limits.missed, lost * limits.late / limits.lost);
    const gone = lost * limits.gone / limits.lost;
    return {
      ...limits,
      late: Math.min(limits.late, late),
      lost,
      gone: Math.max(limits.gone, gone),
    };
  }

  #advance(member: ModelMember, now: number): void {
    if (this.nextOf(member) > now) return;
    if (member.pause !== undefined) return this.resume(member.id, "time", now);
    if (member.state === "gone") return this.#end(member, "aged", now);
    const silentMs = now - member.heardAt;
    if (member.beats === 0) return this.#turn(member, "lost", "never-heard", silentMs, now);
    while (member.steps < 4 && this.nextOf(member) <= now) {
      const step = ++member.steps;
      if (step === 1) this.#tell(member, { type: "member-missed", at: now, silentMs });
      if (step === 2) this.#turn(member, "late", "silence", silentMs, now);
      if (step === 3) this.#turn(member, "lost", "silence", silentMs, now);
      if (step === 4) {
        member.goneIn = this.#operation;
        return this.#turn(member, "gone", "silence", silentMs, now);
      }
    }
  }

  /** `displaced` is who made room; the model only checks that it was a right one. */
  #register(
    id: string,
    address: string,
    now: number,
    displaced: string | undefined,
  ): ModelMember | undefined {
    const { membersMax, membersPerAddressMax } = this.rules;
    const neighbours = this.members.filter((member) => member.address === address);
    const addressFull = neighbours.length >= membersPerAddressMax;
    if (addressFull || this.members.length >= membersMax) {
      const candidates = (addressFull ? neighbours : this.members)
        .filter(({ state, pause }) => state === "gone" && pause === undefined);
      if (candidates.length === 0) return undefined;
      const first = Math.min(...candidates.map(({ goneIn }) => goneIn));
      const chosen = candidates.find((member) => member.id === displaced);
      assert.ok(chosen, "only a gone member makes room, and at a full address one of that address");
      assert.equal(chosen.goneIn, first, "the one that went first makes room");
      this.#end(chosen, "displaced", now);
    } else {
      assert.equal(displaced, undefined, "nobody makes room without need");
    }
    const member: ModelMember = {
      id,
      address,
      state: "unknown",
      steps: 0,
      promiseMs: 1,
      heardAt: now,
      since: now,
      beats: 0,
      pause: undefined,
      lostAfter: undefined,
      failure: undefined,
      goneIn: 0,
    };
    this.members.push(member);
    this.#tell(member, { type: "member-registered", at: now });
    return member;
  }

  #turn(
    member: ModelMember,
    to: MemberState,
    cause: StateCause,
    silentMs: number,
    now: number,
  ): void {
    const from = member.state;
    if (from === to) return;
    member.state = to;
    member.since = now;
    if (to !== "lost" && to !== "gone") member.failure = undefined;
    const paused = this.hostPaused || member.pause !== undefined;
    const told = { type: "member-state", at: now, from, to, cause, silentMs, paused } as const;
    const { failure } = member;
    this.#tell(member, cause === "failed" && failure ? { ...told, reason: failure } : told);
  }

  #end(member: ModelMember, cause: ForgetCause, now: number): void {
    this.members = this.members.filter((other) => other !== member);
    this.#tell(member, { type: "member-forgotten", at: now, cause });
  }

  #toEnd(member: ModelMember): void {
    this.members = [...this.members.filter((other) => other !== member), member];
  }

  #tell({ id }: ModelMember, told: Told): void {
    const list = this.told.get(id);
    if (list === undefined) this.told.set(id, [told]);
    else list.push(told);
  }
}
