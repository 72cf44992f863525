import { strict as assert } from "node:assert";
import { Arrivals } from "../../../src/wire/zmq/arrivals.ts";

Deno.test("Arrivals gives a busy peer more room and takes it back", () => {
  const arrivals = new Arrivals(1_000_000);
  assert.equal(arrivals.offer().length, 512);
  for (let read = 0; read < 4; read++) {
    const { length } = arrivals.offer();
    arrivals.commit(length);
    arrivals.take(0, arrivals.length);
  }
  assert.equal(arrivals.offer().length, 65_536);
  arrivals.commit(3);
  arrivals.take(0, 3);
  assert.equal(arrivals.offer().length, 512);
});

Deno.test("Arrivals keeps what it is given across reads", () => {
  const arrivals = new Arrivals(100_000);
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff);
  arrivals.put(bytes);
  assert.equal(arrivals.length, 70_000);
  assert.deepEqual(arrivals.take(1, 69_999), bytes.subarray(1));
});

Deno.test("Arrivals takes no more than its limit", () => {
  const arrivals = new Arrivals(10);
  arrivals.put(new Uint8Array(200_000));
  assert.equal(arrivals.length, 65_546);
});
