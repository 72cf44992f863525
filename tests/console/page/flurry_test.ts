import { strict as assert } from "node:assert";
import type { HistoryView } from "../../../src/console/history_view.ts";
import { condensed } from "../../../src/console/page/flurry.ts";

const MINUTE_MS = 60_000;

function change(member: string, minute: number, type = "member-state"): HistoryView {
  return { at: new Date(minute * MINUTE_MS).toISOString(), type, member, detail: {} };
}

/** So many changes, one each minute, the newest first. */
function changes(member: string, count: number, from: number): HistoryView[] {
  return Array.from({ length: count }, (_, index) => change(member, from + count - 1 - index));
}

Deno.test("a member that comes and goes is one line with its count, where it changed last", () => {
  const other = change("hilbert/calm", 4);
  const flapping = changes("hilbert/flap", 12, 0);
  const entries = [...flapping.slice(0, 5), other, ...flapping.slice(5)];
  assert.deepEqual(condensed(entries), [
    { flaps: 12, member: "hilbert/flap", from: flapping[11]?.at, to: flapping[0]?.at },
    other,
  ]);
});

Deno.test("a few changes, those that are apart, and what is no change stay lines of their own", () => {
  const few = changes("hilbert/a", 7, 0);
  assert.deepEqual(condensed(few), few);
  const apart = Array.from({ length: 12 }, (_, index) => change("hilbert/a", (12 - index) * 11));
  assert.deepEqual(condensed(apart), apart);
  const paused = Array.from(
    { length: 12 },
    (_, at) => change("hilbert/a", 12 - at, "member-paused"),
  );
  assert.deepEqual(condensed(paused), paused);
  // Two flurries with a calm night between them are two lines.
  const twice = [...changes("hilbert/a", 8, 600), ...changes("hilbert/a", 9, 0)];
  assert.deepEqual(condensed(twice).map((entry) => "flaps" in entry ? entry.flaps : 1), [8, 9]);
});
