import { strict as assert } from "node:assert";
import { Member } from "../../src/core/member.ts";
import { fillFromRecord, recordOf } from "../../src/core/member_record.ts";

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

Deno.test("fillFromRecord gives back what recordOf kept, on another clock", () => {
  const member = setUp();
  member.failure = "exit status 7";
  member.lostAfter = { unit: "promises", value: 2 };
  member.acknowledgement = { by: "Anna", note: "cable", at: 3080 };
  member.pause = { reason: "cleaning", until: 5100 };
  const record = recordOf(member, 3100);
  const back = new Member({ id: "a @ x", name: "a", address: "x" }, 1000, 0);
  fillFromRecord(back, record, 900_000);
  assert.deepEqual(recordOf(back, 900_000), record);
});

Deno.test("fillFromRecord takes nothing for longer ago than it was because a clock was set back", () => {
  const record = { ...recordOf(setUp(), 3100), stateMs: -5, silentMs: -7 };
  const back = setUp();
  fillFromRecord(back, record, 10_000);
  assert.deepEqual([back.since, back.heardAt], [10_000, 10_000]);
});
