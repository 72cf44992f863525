import { strict as assert } from "node:assert";
import { BeatOrder } from "../../../src/roles/heartbeat/beat_order.ts";

Deno.test("BeatOrder expects beats in the order of the last time, once a few kept to it", () => {
  const order = new BeatOrder();
  order.grow(64);
  const expected = (beats: readonly number[]) =>
    beats.map((beat) => {
      const before = order.expected;
      order.came(beat);
      return before;
    });
  assert.deepEqual(expected([3, 1, 2]), [-1, -1, -1]);
  assert.deepEqual(expected([3, 1, 2, 3, 1]), [-1, -1, -1, 3, 1]);
  assert.deepEqual(expected([5, 2, 3, 1, 5, 2]), [2, -1, -1, -1, 5, 2], "another order is learned");
  assert.equal(order.last, 2);
  assert.equal(order.after(1), 5);
});

Deno.test("BeatOrder keeps what it has learned when it grows, up to its largest index", () => {
  const order = new BeatOrder();
  order.grow(1);
  for (let time = 0; time < 3; time++) order.came(0);
  assert.equal(order.expected, 0);
  order.grow(65_536);
  for (let time = 0; time < 3; time++) {
    order.came(65_535);
    order.came(0);
  }
  assert.equal(order.expected, 65_535);
});
