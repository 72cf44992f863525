/**
 * Random use of a roster, through Members as the roles use it, beside its model.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { Events, type PulseEvent, type Subscription } from "../../src/core/events.ts";
import type { LostAfter } from "../../src/core/lost_after.ts";
import type { Member } from "../../src/core/member.ts";
import { type MemberRecord, recordOf } from "../../src/core/member_record.ts";
import { Members } from "../../src/core/members.ts";
import type { Roster, RosterRules } from "../../src/core/roster.ts";
import { type ModelMember, RosterModel, type Told } from "./roster_model.ts";

const PROMISES_MS = [1, 2, 7, 100, 1000, 1001, 60_000, 86_400_000];
/** What may be chosen in place of the limits. */
export const LOST_AFTER: readonly LostAfter[] = [
  ...[1, 1.5, 2, 5, 10, 1000].map((value) => ({ unit: "promises" as const, value })),
  ...[1, 500, 20_000, 86_400_000].map((value) => ({ unit: "ms" as const, value })),
];
/** Sums of fractions of large times are off by less. */
const ROUNDING_MS = 0.001;
const ADDRESSES = 4;
const NAMES = 6;

/** Uses both at random and compares members, events, wake-ups and changes after each operation. */
export class RosterOracle {
  readonly #rules: RosterRules;
  readonly #random: () => number;
  readonly #model: RosterModel;
  #members: Members;
  #roster: Roster;
  #subscription: Subscription;
  /** What was told in this operation. */
  #events: PulseEvent[] = [];
  #hostUntil = Infinity;
  /** What a store would hold. */
  readonly #stored = new Map<string, MemberRecord>();
  readonly #ended: Member[] = [];
  #now: number;
  operations = 0;
  readonly counts = new Map<string, number>();

  constructor(
    rules: RosterRules,
    now: number,
    random: () => number,
    operator: ReadonlyMap<string, LostAfter> = new Map(),
  ) {
    this.#rules = {
      ...rules,
      lostAfterOf: ({ id, lostAfter }) => operator.get(id) ?? lostAfter ?? operator.get(""),
    };
    this.#random = random;
    this.#now = now;
    this.#model = new RosterModel(rules, operator);
    [this.#members, this.#roster, this.#subscription] = this.#start();
  }

  step(): void {
    this.operations++;
    this.#model.begin();
    const dice = this.#random();
    if (dice < 0.40) this.#hear();
    else if (dice < 0.45) this.#leave();
    else if (dice < 0.50) this.#announce();
    else if (dice < 0.55) this.#pause();
    else if (dice < 0.58) this.#resume();
    else if (dice < 0.60) this.#forget();
    else if (dice < 0.61) this.#pauseHost();
    else if (dice < 0.63) this.#resumeHost();
    else if (dice < 0.64) this.#restart();
    else if (dice < 0.66) this.#hearEnded();
    else if (dice < 0.70) this.#fail();
    else if (dice < 0.71) this.#expect();
    else this.#advance();
    this.#compare();
  }

  #start(): [Members, Roster, Subscription] {
    const events = new Events();
    const subscription = events.subscribe({ capacity: 10_000 });
    const members = new Members({ now: this.#now, events, changes: "collect" });
    const roster = members.open(this.#rules);
    roster.expect(this.#model.expected);
    return [members, roster, subscription];
  }

  #hear(): void {
    const { id, name, address } = this.#anyone();
    const promiseMs = this.#oneOf(PROMISES_MS);
    const kind = this.#random() < 0.3 ? "start" : "beat";
    const heard = this.#roster.hear({ id, name, address, promiseMs, kind }, this.#now);
    this.#agree(
      heard,
      this.#model.hear(id, address, promiseMs, kind, this.#now, this.#displaced()),
    );
    if (typeof heard === "string" || this.#random() > 0.2) return;
    const lostAfter = this.#oneOf(LOST_AFTER);
    this.#roster.choose(heard, lostAfter);
    this.#model.choose(id, lostAfter);
  }

  #leave(): void {
    const { id } = this.#anyone();
    this.#keepEnded(id);
    this.#roster.leave(id, this.#now);
    this.#model.leave(id, this.#now);
  }

  #fail(): void {
    const { id, name, address } = this.#anyone();
    const promiseMs = this.#oneOf(PROMISES_MS);
    const reason = this.#oneOf(["exit status 1", "no such file"]);
    const failed = this.#roster.fail({ id, name, address, promiseMs }, reason, this.#now);
    const how = { promiseMs, reason };
    this.#agree(failed, this.#model.fail(id, address, how, this.#now, this.#displaced()));
  }

  #expect(): void {
    const ids = new Set([this.#anyone().id, this.#anyone().id]);
    this.#roster.expect(ids);
    this.#model.expected = ids;
  }

  #announce(): void {
    const { id, name, address } = this.#anyone();
    const graceMs = this.#oneOf(PROMISES_MS);
    const announced = this.#roster.announce({ id, name, address }, graceMs, this.#now);
    this.#agree(
      announced,
      this.#model.announce(id, address, graceMs, this.#now, this.#displaced()),
    );
  }

  #pause(): void {
    const { id, name, address } = this.#anyone();
    const pause = { reason: "r", until: this.#now + this.#oneOf([-5, 0, 1, 5000, 1e6, Infinity]) };
    const paused = this.#roster.pause({ id, name, address }, pause, this.#now);
    this.#agree(paused, this.#model.pause(id, address, pause, this.#now, this.#displaced()));
  }

  #resume(): void {
    const { id } = this.#anyone();
    const member = this.#roster.get(id);
    if (member === undefined) return;
    this.#keepEnded(id);
    this.#roster.resume(member, "operator", this.#now);
    this.#model.resume(id, "operator", this.#now);
  }

  #forget(): void {
    const { id } = this.#anyone();
    const member = this.#roster.get(id);
    if (member === undefined) return;
    this.#keepEnded(id);
    this.#roster.forget(member, "operator", this.#now);
    this.#model.forget(id, this.#now);
  }

  #pauseHost(): void {
    this.#hostUntil = this.#now + this.#oneOf([1, 5000, 1e6, Infinity]);
    this.#members.pauseAll({ reason: "", until: this.#hostUntil }, this.#now);
    this.#model.hostPaused = true;
  }

  #resumeHost(): void {
    if (!this.#model.hostPaused) return;
    this.#members.resumeAll("operator", this.#now);
    this.#model.resumeHost(this.#now);
  }

  /** The end of one run and the start of another, on a clock that knows nothing of the first. */
  #restart(): void {
    const records = [...this.#roster.values()].map((member) => recordOf(member, this.#now));
    const shiftMs = Math.floor((this.#random() - 0.5) * 1e9);
    this.#ended.length = 0;
    this.#now += shiftMs;
    [this.#members, this.#roster, this.#subscription] = this.#start();
    if (this.#model.hostPaused) {
      this.#hostUntil += shiftMs;
      this.#members.pauseAll({ reason: "", until: this.#hostUntil }, this.#now);
    }
    for (const [index, record] of records.entries()) {
      const member = this.#roster.restore(record, this.#now);
      assert.ok(typeof member !== "string");
      const model = this.#model.members[index];
      assert.ok(model);
      model.heardAt += shiftMs;
      model.since += shiftMs;
      if (model.pause !== undefined) {
        const until = Math.max(model.pause.until + shiftMs, this.#now);
        model.pause = { ...model.pause, until };
      }
      // A restored member that went long ago stands where its record stands.
      if (model.state === "gone") model.goneIn = -1_000_000 + index;
      this.#model.excuse(model, this.#now);
      this.#checkExcused(member);
      assert.equal(this.#roster.restore(record, this.#now), "full", "nobody is restored twice");
    }
  }

  #checkExcused(member: Member): void {
    if (member.state === "gone" || member.pause !== undefined) return;
    const leftMs = this.#roster.deadline(member) - this.#now;
    assert.ok(leftMs >= member.promiseMs - ROUNDING_MS, "one whole promise before the next step");
  }

  /** A role that kept a member too long cannot bring back its ghost or harm its successor. */
  #hearEnded(): void {
    const member = this.#ended[Math.floor(this.#random() * this.#ended.length)];
    if (member === undefined || this.#roster.get(member.id) === member) return;
    const now = Math.max(this.#now, member.heardAt);
    assert.equal(this.#roster.renew(member, 1000, "beat", now), false);
    this.#roster.forget(member, "operator", now);
    assert.equal(this.#roster.deadline(member), Infinity);
  }

  #advance(): void {
    const wake = this.#members.nextWake();
    const dice = this.#random();
    if (dice < 0.4 && wake !== undefined) this.#now = Math.max(this.#now, Math.ceil(wake));
    else if (dice < 0.9) this.#now += Math.floor(this.#random() * 2000);
    else this.#now += Math.floor(this.#random() * 1e8);
    this.#members.advance(this.#now);
    if (this.#model.hostPaused && this.#hostUntil <= this.#now) this.#model.resumeHost(this.#now);
    this.#model.advance(this.#now);
  }

  #compare(): void {
    const { members } = this.#model;
    assert.deepEqual([...this.#roster.values()].map(viewOf), members.map(viewOf));
    for (const model of members) {
      const member = this.#roster.get(model.id);
      assert.ok(member);
      assert.equal(this.#roster.deadline(member), this.#model.nextOf(model), model.id);
    }
    const told = new Map<string, Told[]>();
    this.#drain();
    for (const event of this.#events) this.#collect(told, event);
    this.#events = [];
    assert.equal(this.#subscription.dropped, 0);
    // Members that end in one call do so in no particular order; each one's own order counts.
    assert.deepEqual(told, new Map([...told.keys()].map((id) => [id, this.#model.told.get(id)])));
    assert.equal(told.size, this.#model.told.size, "nothing is left untold");
    const wake = this.#members.nextWake() ?? Infinity;
    const next = this.#model.hostPaused ? this.#hostUntil : Infinity;
    assert.ok(wake <= Math.min(next, this.#model.nextAt()), "no wake-up comes late");
    this.#compareStored();
  }

  #collect(told: Map<string, Told[]>, event: PulseEvent): void {
    this.counts.set(event.type, (this.counts.get(event.type) ?? 0) + 1);
    if (!("member" in event) || event.member === undefined) return;
    if (event.type === "member-state") {
      const key = `${event.from} -> ${event.to}`;
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      if (event.cause === "silence") assert.ok(!event.paused, "maintenance never alarms");
    }
    const { member, ...rest } = event;
    const plain = "pause" in rest
      ? { type: rest.type, at: rest.at, until: rest.pause.until }
      : rest;
    told.set(member.id, [...told.get(member.id) ?? [], plain as Told]);
  }

  /** A store that applies each change knows all but the times of hearing. */
  #compareStored(): void {
    for (const { id, record } of this.#members.takeChanges(this.#now)) {
      if (record === undefined) this.#stored.delete(id);
      else this.#stored.set(id, record);
    }
    assert.equal(this.#members.changes, 0);
    assert.equal(this.#stored.size, this.#roster.size);
    for (const model of this.#model.members) {
      const { id, state, promiseMs, pause, beats, lostAfter, failure } = model;
      const stored = this.#stored.get(id);
      assert.ok(stored);
      assert.deepEqual(
        [stored.state, stored.promiseMs, stored.pause?.reason, stored.beats > 0, stored.lostAfter],
        [state, promiseMs, pause?.reason, beats > 0, lostAfter],
      );
      assert.equal(stored.failure, failure);
    }
  }

  #agree(taken: Member | string, expected: boolean): void {
    assert.equal(typeof taken !== "string", expected);
  }

  /** Who made room in this operation: the only thing that the model does not foresee. */
  #displaced(): string | undefined {
    this.#drain();
    const displaced = this.#events.flatMap((event) =>
      event.type === "member-forgotten" && event.cause === "displaced" ? [event.member.id] : []
    );
    assert.ok(displaced.length <= 1, "one newcomer displaces one member");
    return displaced[0];
  }

  #drain(): void {
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      this.#events.push(event);
    }
  }

  #keepEnded(id: string): void {
    const member = this.#roster.get(id);
    if (member === undefined) return;
    this.#ended.push(member);
    if (this.#ended.length > 20) this.#ended.shift();
  }

  #anyone(): { id: string; name: string; address: string } {
    const name = `app${Math.floor(this.#random() * NAMES)}`;
    const address = `10.0.0.${Math.floor(this.#random() * ADDRESSES)}`;
    return { id: `${name} @ ${address}`, name, address };
  }

  #oneOf<V>(values: readonly V[]): V {
    const value = values[Math.floor(this.#random() * values.length)];
    assert.ok(value !== undefined);
    return value;
  }
}

function viewOf(member: Member | ModelMember): unknown {
  const { id, address, state, promiseMs, heardAt, since, beats, pause, failure } = member;
  return { id, address, state, promiseMs, heardAt, since, beats, pause, failure };
}
