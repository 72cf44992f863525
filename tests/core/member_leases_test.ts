import { strict as assert } from "node:assert";
import { NO_LEASE } from "../../src/core/lease_table.ts";
import { Member } from "../../src/core/member.ts";
import { MemberLeases } from "../../src/core/member_leases.ts";

const RULES = {
  membersMax: 2,
  limits: { missed: 1, late: 3, lost: 5, gone: 6 },
  rememberGoneMs: 60_000,
};

function setUp(): { leases: MemberLeases; member: Member } {
  const leases = new MemberLeases(RULES, 0);
  const member = new Member({ id: "a @ x", name: "a", address: "x" }, 1000, 0);
  leases.admit(member);
  return { leases, member };
}

Deno.test("MemberLeases follows a member's own fields", () => {
  const { leases, member } = setUp();
  const pause = { reason: "", until: 777 };
  const cases: [fields: Partial<Member>, deadline: number][] = [
    [{ state: "unknown" }, Infinity],
    [{ state: "starting" }, 1000],
    [{ state: "lost" }, Infinity],
    [{ state: "ok", beats: 1 }, 1000],
    [{ state: "ok", stage: 1 }, 3000],
    [{ state: "late", stage: 2 }, 5000],
    [{ state: "lost", stage: 3 }, 6000],
    [{ state: "gone", stage: 4, since: 6000 }, 66_000],
    [{ pause }, 777],
  ];
  for (const [fields, deadline] of cases) {
    Object.assign(member, fields);
    leases.arm(member);
    assert.equal(leases.deadline(member), deadline, JSON.stringify(fields));
  }
  leases.hold("maintenance", [member]);
  assert.equal(leases.deadline(member), 777, "a pause ends though the host is in maintenance");
  member.pause = undefined;
  leases.arm(member);
  assert.equal(leases.deadline(member), Infinity);
});

Deno.test("MemberLeases hands a member out with a new lease", () => {
  const { leases, member } = setUp();
  Object.assign(member, { state: "ok", beats: 1 });
  leases.arm(member);
  const before = member.lease;
  assert.equal(leases.nextWake(), 1000);
  const seen: Member[] = [];
  leases.advance(1000, (each) => {
    assert.equal(leases.deadline(each), Infinity);
    seen.push(each);
  });
  assert.deepEqual(seen, [member]);
  assert.notEqual(member.lease, before);
});

Deno.test("MemberLeases lets nobody be armed who was dismissed, or who finds no room", () => {
  const { leases, member } = setUp();
  leases.dismiss(member);
  assert.equal(member.lease, NO_LEASE);
  assert.equal(leases.deadline(member), Infinity);
  assert.throws(() => leases.arm(member), /only a member of this roster/);
  leases.admit(member);
  leases.admit(new Member({ id: "b @ x", name: "b", address: "x" }, 1, 0));
  const third = new Member({ id: "c @ x", name: "c", address: "x" }, 1, 0);
  assert.throws(() => leases.admit(third), /finds room/);
});
