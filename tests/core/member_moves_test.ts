import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";

const HEARD = { id: "a @ x", name: "a", address: "x", promiseMs: 1000 } as const;

function setUp() {
  const events = new Events();
  const members = new Members({ now: 0, events, changes: "collect" });
  const roster = members.open({
    protocol: "hilbert",
    limits: { missed: 1, late: 3, lost: 5, gone: 6 },
    rememberGoneMs: 60_000,
    membersMax: 100,
    membersPerAddressMax: 100,
  });
  const told = events.subscribe();
  const changes = () => {
    const seen: string[] = [];
    for (let event = told.take(); event !== undefined; event = told.take()) {
      if (event.type === "member-state") seen.push(`${event.from} ${event.to} ${event.cause}`);
    }
    return seen;
  };
  return { members, roster, changes };
}

Deno.test("a member that fails is lost at once, with the reason, until it is heard again", () => {
  const { members, roster, changes } = setUp();
  const member = roster.hear({ ...HEARD, kind: "beat" }, 0);
  assert.ok(typeof member !== "string");
  changes();
  roster.fail(HEARD, "exit status 7", 100);
  assert.equal(member.failure, "exit status 7");
  roster.fail(HEARD, "exit status 8", 200);
  assert.deepEqual(changes(), ["ok lost failed"]);
  members.advance(20_000);
  assert.equal(member.state, "gone");
  roster.fail(HEARD, "exit status 9", 20_100);
  assert.equal(member.state, "lost");
  roster.hear({ ...HEARD, kind: "beat" }, 20_200);
  assert.deepEqual([member.state, member.failure], ["ok", undefined]);
  assert.deepEqual(changes(), ["lost gone silence", "gone lost failed", "lost ok heard"]);
});

Deno.test("a member that was never heard can fail", () => {
  const { roster } = setUp();
  const member = roster.fail(HEARD, "no such file", 0);
  assert.ok(typeof member !== "string");
  assert.equal(member.state, "lost");
});

Deno.test("an expected member that says goodbye is missing, others are forgotten", () => {
  const { members, roster, changes } = setUp();
  roster.expect(new Set([HEARD.id]));
  roster.hear({ ...HEARD, kind: "beat" }, 0);
  changes();
  roster.leave(HEARD.id, 100);
  assert.deepEqual(changes(), ["ok lost done"]);
  members.advance(20_000);
  roster.leave(HEARD.id, 20_100);
  assert.equal(roster.get(HEARD.id)?.state, "lost");
  roster.expect(new Set());
  roster.leave(HEARD.id, 20_200);
  assert.equal(roster.get(HEARD.id), undefined);
});
