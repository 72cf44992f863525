import { strict as assert } from "node:assert";
import { speechOf } from "../../../src/console/language.ts";
import { tilesOf, type WallAlarm, type WallMember } from "../../../src/console/page/wall_words.ts";

const INSTRUMENT: WallMember = {
  id: "hev/playback @ dump",
  protocol: "hev",
  name: "playback",
  station: null,
  address: "dump",
  state: "ok",
  since: "2026-11-29T12:00:00Z",
  pause: null,
  acknowledgement: null,
};
const HIGH = { name: "LOW_PEEP", priority: "PRIORITY_HIGH" };
const MEDIUM = { name: "LOW_VTE", priority: "PRIORITY_MEDIUM" };
const LOW = { name: "LOW_FIO2", priority: "PRIORITY_LOW" };

function tile(alarms: readonly WallAlarm[], member = INSTRUMENT, isSilent = false) {
  const exhibit = { ...INSTRUMENT, id: "hilbert/a", protocol: "hilbert", station: "Foyer" };
  const picture = { members: [exhibit, member], phones: null, alarms, isSilent };
  const tiles = tilesOf(
    { ...picture, stopped: new Set<string>(), isHostPaused: false, wallMs: 0 },
    speechOf("en"),
  );
  assert.equal(tiles[0]?.look, "ok", "an alarm is the instrument's alone");
  const { look, name, words } = tiles[1] ?? assert.fail();
  return [look, name, words];
}

Deno.test("an instrument with an alarm is not shown as running, as the verdict has it", () => {
  assert.deepEqual(tile([]), ["ok", "", "all running"]);
  assert.deepEqual(tile([LOW]), ["ok", "", "all running"]);
  assert.deepEqual(tile([LOW, MEDIUM]), ["late", "LOW_VTE", "alarm"]);
  assert.deepEqual(tile([MEDIUM, HIGH]), ["emergency", "LOW_PEEP and 1 more", "alarm"]);
  assert.deepEqual(tile([HIGH], INSTRUMENT, true), ["emergency", "LOW_PEEP", "was in alarm"]);
  const lost = { ...INSTRUMENT, state: "lost" } as const;
  assert.deepEqual(tile([HIGH], lost).slice(0, 2), ["lost", "playback"]);
});

Deno.test("a member of which nothing is known is not said to be starting", () => {
  assert.deepEqual(tile([], { ...INSTRUMENT, state: "unknown" }), [
    "starting",
    "playback",
    "Not heard",
  ]);
  assert.deepEqual(tile([], { ...INSTRUMENT, state: "starting" }), [
    "starting",
    "playback",
    "starting",
  ]);
});
