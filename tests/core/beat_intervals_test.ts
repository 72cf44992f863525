import { strict as assert } from "node:assert";
import { INTERVAL_MEMBERS_MAX, INTERVALS_KEPT } from "../../src/core/beat_intervals.ts";
import { Events } from "../../src/core/events.ts";
import type { Member } from "../../src/core/member.ts";
import { Members } from "../../src/core/members.ts";
import { openHilbert } from "../store/virtual_host.ts";

function crowd() {
  const roster = openHilbert(new Members({ now: 0, events: new Events() }));
  const hear = (name: string, now: number): Member => {
    const heard = {
      id: `${name} @ ::1`,
      name,
      address: "::1",
      promiseMs: 1e9,
      kind: "beat",
    } as const;
    const member = roster.hear(heard, now);
    return typeof member === "string" ? assert.fail(member) : member;
  };
  return { roster, hear };
}

Deno.test("Roster keeps the last intervals between beats of each member", () => {
  const { roster, hear } = crowd();
  let now = 0;
  const expected: number[] = [];
  const tetris = hear("tetris", now);
  const pong = hear("pong", now);
  assert.deepEqual(roster.intervalsOf(tetris), [], "one beat is no interval");
  for (let beat = 1; beat <= 2 * INTERVALS_KEPT + 7; beat++) {
    now += 100 + beat;
    hear("tetris", now);
    expected.push(100 + beat);
    assert.deepEqual(roster.intervalsOf(tetris), expected.slice(-INTERVALS_KEPT));
  }
  hear("pong", now);
  assert.deepEqual(roster.intervalsOf(pong), [now]);
});

Deno.test("Roster gives the place of a member that ended to another, empty", () => {
  const { roster, hear } = crowd();
  const [first] = [hear("a", 0), hear("b", 0)];
  for (const name of ["a", "b"]) hear(name, 500);
  roster.forget(first, "operator", 600);
  assert.deepEqual(roster.intervalsOf(first), []);
  const [again, third] = [hear("a", 700), hear("c", 700)];
  for (const name of ["a", "b", "c"]) hear(name, 1_000);
  assert.deepEqual(roster.intervalsOf(again), [300]);
  assert.deepEqual(roster.intervalsOf(third), [300]);
  assert.deepEqual(roster.intervalsOf(roster.get("b @ ::1") ?? assert.fail()), [500, 500]);
});

Deno.test("Roster keeps no intervals of a crowd, and begins anew when it is none any more", () => {
  const { roster, hear } = crowd();
  const members = Array.from({ length: INTERVAL_MEMBERS_MAX }, (_, index) => hear(`${index}`, 0));
  for (const { name } of members) hear(name, 10);
  assert.ok(members.every((member) => roster.intervalsOf(member)[0] === 10));
  const last = hear("one more", 20);
  for (const { name } of members) hear(name, 30);
  assert.ok(members.every((member) => roster.intervalsOf(member).length === 0));
  roster.forget(last, "operator", 40);
  for (const { name } of members) hear(name, 50);
  assert.ok(members.every((member) => roster.intervalsOf(member).join() === "20"));
});
