import { strict as assert } from "node:assert";
import { Member } from "../../src/core/member.ts";
import { recordOf } from "../../src/core/member_record.ts";

function setUp(): Member {
  const member = new Member({ id: "a @ x", name: "a", address: "x" }, 1000, 50);
  member.state = "late";
  member.since = 3050;
  member.beats = 7;
  return member;
}

Deno.test("recordOf keeps all of a member as durations", () => {
  assert.deepEqual(recordOf(setUp(), 3100), {
    id: "a @ x",
    name: "a",
    address: "x",
    state: "late",
    stateMs: 50,
    promiseMs: 1000,
    silentMs: 3050,
    beats: 7,
    pause: undefined,
  });
});

Deno.test("recordOf keeps what is left of a pause, never less than nothing", () => {
  const member = setUp();
  for (const [until, forMs] of [[5100, 2000], [3000, 0], [Infinity, Infinity]]) {
    member.pause = { reason: "cleaning", until: until ?? 0 };
    assert.deepEqual(recordOf(member, 3100).pause, { reason: "cleaning", forMs });
  }
});
