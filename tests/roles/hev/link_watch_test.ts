import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import type { Roster } from "../../../src/core/roster.ts";
import { LinkWatch } from "../../../src/roles/hev/link_watch.ts";
import { hevRules } from "../../../src/roles/hev/options.ts";
import { eventually } from "./station.ts";

const SILENCE_MS = 80;

function rosterOf(): Roster {
  const members = new Members({ now: performance.now(), events: new Events() });
  return members.open(hevRules());
}

function watchOf(roster: Roster, onLost: () => void = () => {}, place = "/dev/new"): LinkWatch {
  return new LinkWatch({
    roster,
    name: "arduino",
    place,
    silenceMs: SILENCE_MS,
    now: () => performance.now(),
    wake: () => {},
    onLost,
  });
}

Deno.test("LinkWatch tells each silence once, as long as it lasts", async () => {
  let losses = 0;
  const roster = rosterOf();
  using watch = watchOf(roster, () => losses++);
  watch.start();
  for (let round = 1; round <= 3; round++) {
    watch.heard();
    assert.equal(watch.isLost, false);
    await eventually(() => losses === round, `silence ${round}`);
    assert.equal(watch.isLost, true);
    assert.equal(roster.get(watch.id)?.state, "lost");
  }
});

Deno.test("LinkWatch hears a steady controller without a wake-up for each payload", async () => {
  let losses = 0;
  using watch = watchOf(rosterOf(), () => losses++);
  watch.start();
  const end = performance.now() + 4 * SILENCE_MS;
  await eventually(() => {
    watch.heard();
    return performance.now() > end;
  }, "some time");
  assert.equal(losses, 0);
});

Deno.test("LinkWatch forgets links of earlier runs that are no more", () => {
  const roster = rosterOf();
  {
    using old = watchOf(roster, () => {}, "/dev/old");
    old.start();
    old.heard();
  }
  using watch = watchOf(roster);
  watch.start();
  assert.deepEqual([...roster.values()].map(({ id }) => id), ["arduino @ /dev/new"]);
});

Deno.test("LinkWatch expects a link anew that was lost in an earlier run", async () => {
  const roster = rosterOf();
  let losses = 0;
  {
    using first = watchOf(roster, () => losses++);
    first.start();
    first.heard();
    await eventually(() => losses === 1, "the first silence");
  }
  using second = watchOf(roster, () => losses++);
  second.start();
  assert.equal(roster.get(second.id)?.state, "starting");
  await eventually(() => losses === 2, "the second silence");
});

Deno.test("LinkWatch tells of a link that stays silent when maintenance ends", async () => {
  const roster = rosterOf();
  let losses = 0;
  using watch = watchOf(roster, () => losses++);
  roster.hold("maintenance");
  watch.start();
  await new Promise((done) => setTimeout(done, 3 * SILENCE_MS));
  assert.equal(losses, 0);
  roster.release("maintenance", performance.now());
  await eventually(() => {
    // As the host does for all rosters.
    roster.advance(performance.now());
    return losses === 1;
  }, "the loss after maintenance");
});
