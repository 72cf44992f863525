import { strict as assert } from "node:assert";
import { FlapWatch } from "../../src/appliance/flap_watch.ts";
import { Events, type PulseEvent } from "../../src/core/events.ts";

const MEMBER = { protocol: "hilbert", id: "tetris @ ::1", name: "tetris", address: "::1" } as const;

function lost(at: number, paused = false): PulseEvent {
  return {
    type: "member-state",
    at,
    member: MEMBER,
    from: "late",
    to: "lost",
    cause: "silence",
    silentMs: 1,
    paused,
  };
}

Deno.test("FlapWatch tells once that a member has begun to flap", async () => {
  const events = new Events();
  const heard = events.subscribe();
  let now = 0;
  using watch = new FlapWatch(events, () => now, 3);
  for (now = 1; now <= 5; now++) events.publish(lost(now));
  await Promise.resolve();
  assert.ok(watch.isFlapping("hilbert/tetris @ ::1"));
  const told = [];
  for (let event = heard.take(); event; event = heard.take()) told.push(event);
  const flapping = told.filter(({ type }) => type === "member-flapping");
  assert.deepEqual(flapping, [{ type: "member-flapping", at: 3, member: MEMBER }]);
  now = 3_600_000 + 10;
  assert.ok(!watch.isFlapping("hilbert/tetris @ ::1"), "an hour later that is over");
});

Deno.test("FlapWatch counts no outage in maintenance, and forgets who is forgotten", () => {
  const events = new Events();
  using watch = new FlapWatch(events, () => 5, 2);
  events.publish(lost(1, true));
  events.publish(lost(2));
  assert.ok(!watch.isFlapping("hilbert/tetris @ ::1"));
  events.publish(lost(3));
  assert.ok(watch.isFlapping("hilbert/tetris @ ::1"));
  events.publish({ type: "member-forgotten", at: 4, member: MEMBER, cause: "done" });
  assert.ok(!watch.isFlapping("hilbert/tetris @ ::1"));
});
