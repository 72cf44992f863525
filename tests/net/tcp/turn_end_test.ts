import { strict as assert } from "node:assert";
import { flushAtTurnEnd } from "../../../src/net/tcp/turn_end.ts";

Deno.test("flushAtTurnEnd comes after all that arrived together, in the order of the calls", async () => {
  const seen: string[] = [];
  const arrivals = ["a", "b", "c"].map((name) =>
    Promise.resolve().then(() => {
      seen.push(`${name} arrives`);
      flushAtTurnEnd({ flush: () => seen.push(`${name} goes out`) });
    })
  );
  await Promise.all(arrivals);
  assert.deepEqual(seen, [
    ...["a", "b", "c"].map((name) => `${name} arrives`),
    ...["a", "b", "c"].map((name) => `${name} goes out`),
  ]);
});

Deno.test("flushAtTurnEnd takes what is added during a flush for the next one", async () => {
  const seen: number[] = [];
  const again = (count: number) => {
    seen.push(count);
    if (count < 5) flushAtTurnEnd({ flush: () => again(count + 1) });
  };
  flushAtTurnEnd({ flush: () => again(0) });
  flushAtTurnEnd({ flush: () => seen.push(-1) });
  assert.deepEqual(seen, [], "nothing is done at once");
  await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual(seen, [0, -1, 1, 2, 3, 4, 5]);
});
