import { strict as assert } from "node:assert";
import {
  REPEAT_LINES_MAX,
  REPEAT_WINDOW_MS,
  RepeatFilter,
} from "../../../src/cli/log/repeat_filter.ts";

Deno.test("RepeatFilter counts repetitions until the window ends", () => {
  const filter = new RepeatFilter<string>();
  assert.equal(filter.nextWake(), undefined);
  assert.equal(filter.admits("a", "a1", 0), true);
  assert.equal(filter.admits("a", "a2", 1), false);
  assert.equal(filter.admits("a", "a3", 2), false);
  assert.equal(filter.admits("b", "b1", 3), true);
  assert.equal(filter.nextWake(), REPEAT_WINDOW_MS);
  assert.deepEqual(filter.advance(REPEAT_WINDOW_MS - 1), []);
  assert.deepEqual(filter.advance(REPEAT_WINDOW_MS), [{ last: "a3", count: 2 }]);
  assert.equal(filter.nextWake(), REPEAT_WINDOW_MS + 3);
  assert.equal(filter.admits("a", "a4", REPEAT_WINDOW_MS), true);
});

Deno.test("RepeatFilter says nothing of what came once", () => {
  const filter = new RepeatFilter<string>();
  filter.admits("a", "a", 0);
  assert.deepEqual(filter.advance(REPEAT_WINDOW_MS), []);
  assert.equal(filter.nextWake(), undefined);
});

Deno.test("RepeatFilter tells what it counted when it closes", () => {
  const filter = new RepeatFilter<string>();
  filter.admits("a", "a1", 0);
  filter.admits("a", "a2", 0);
  assert.deepEqual(filter.close(), [{ last: "a2", count: 1 }]);
});

Deno.test("RepeatFilter remembers a bounded number of lines", () => {
  const filter = new RepeatFilter<number>();
  for (let kind = 0; kind <= REPEAT_LINES_MAX; kind++) filter.admits(String(kind), kind, 0);
  assert.equal(filter.admits("1", 1, 0), false, "the second is still known");
  assert.equal(filter.admits("0", 0, 0), true, "the first was forgotten");
});
