import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { type QueuePolicy, WriteQueue } from "../../../src/net/tcp/write_queue.ts";
import { bytesOf, textOf } from "../../support/tcp.ts";

const queueOf = (policy: QueuePolicy, bytesMax = 10, joinBytesMax = 8): WriteQueue =>
  new WriteQueue({ bytesMax, policy, joinBytesMax });

/** Takes everything, one line per write. */
function drain(queue: WriteQueue): string[] {
  const writes: string[] = [];
  for (let bytes = queue.take(); bytes !== undefined; bytes = queue.take()) {
    writes.push(textOf(bytes));
  }
  return writes;
}

Deno.test("WriteQueue joins small messages and keeps large ones as they are", () => {
  const queue = queueOf("disconnect", 100);
  const large = bytesOf("123456789");
  for (const text of ["a", "bc", "def"]) queue.add(bytesOf(text));
  queue.add(large);
  queue.add(bytesOf("z"));
  assert.equal(queue.bytes, 16);
  assert.equal(textOf(queue.take() ?? large), "abcdef");
  assert.equal(queue.take(), large);
  assert.deepEqual(drain(queue), ["z"]);
  assert.equal(queue.bytes, 0);
});

Deno.test("WriteQueue overflows under disconnect and holds what it held", () => {
  const queue = queueOf("disconnect");
  assert.equal(queue.add(bytesOf("12345")), "queued");
  assert.equal(queue.add(bytesOf("12345")), "queued");
  assert.equal(queue.add(bytesOf("x")), "overflow");
  assert.equal(queue.bytes, 10);
});

Deno.test("WriteQueue drops the oldest that may be dropped", () => {
  const queue = queueOf("drop-oldest");
  queue.add(bytesOf("ALARM"), { mustArrive: true });
  queue.add(bytesOf("aa"));
  queue.add(bytesOf("bb"));
  assert.equal(queue.add(bytesOf("cc")), "queued");
  assert.equal(queue.dropped, 1);
  assert.equal(queue.add(bytesOf("dddd")), "queued");
  assert.equal(queue.dropped, 3);
  assert.equal(queue.add(bytesOf("123456")), "dropped");
  assert.equal(queue.add(bytesOf("ALARM2"), { mustArrive: true }), "overflow");
  assert.deepEqual(drain(queue), ["ALARM"]);
});

Deno.test("WriteQueue conflates messages of one topic in place", () => {
  const queue = queueOf("conflate");
  assert.equal(queue.add(bytesOf("a1"), { topic: "a" }), "queued");
  assert.equal(queue.add(bytesOf("b1"), { topic: "b" }), "queued");
  assert.equal(queue.add(bytesOf("a2"), { topic: "a" }), "replaced");
  assert.equal(queue.add(bytesOf("!"), { topic: "a", mustArrive: true }), "queued");
  assert.equal(queue.dropped, 1);
  assert.deepEqual(drain(queue), ["a2b1!"]);
  // What was taken is on its way: it cannot be replaced any more.
  assert.equal(queue.add(bytesOf("a3"), { topic: "a" }), "queued");
  assert.equal(queue.add(bytesOf("12345678"), { topic: "c" }), "queued");
  assert.equal(queue.add(bytesOf("a45"), { topic: "a" }), "overflow");
});

Deno.test("WriteQueue holds no more than it may, and counts what it loses", () => {
  const policies: QueuePolicy[] = ["disconnect", "drop-oldest", "conflate"];
  const action = fc.oneof(
    fc.record({
      size: fc.integer({ min: 1, max: 12 }),
      topic: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
      mustArrive: fc.constantFrom(undefined, undefined, undefined, true as const),
    }),
    fc.constant("take" as const),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      fc.array(action, { maxLength: 60 }),
      (policy, actions) => {
        const queue = queueOf(policy, 30, 12);
        let queued = 0;
        let lost = 0;
        let taken = 0;
        let serial = 0;
        for (const step of actions) {
          if (step === "take") {
            taken += queue.take()?.filter((byte) => byte === 1).length ?? 0;
            continue;
          }
          // Each message has one byte 1 at its front, so that messages can be counted in joined writes.
          const bytes = new Uint8Array(step.size).fill(2);
          bytes[0] = 1;
          serial++;
          const before = queue.dropped;
          const result = queue.add(bytes, {
            ...(step.topic === undefined ? {} : { topic: step.topic }),
            ...(step.mustArrive === undefined ? {} : { mustArrive: true }),
          });
          if (result === "overflow") lost++;
          else queued++;
          assert(queue.bytes <= 30);
          assert(queue.dropped >= before);
        }
        for (let bytes = queue.take(); bytes !== undefined; bytes = queue.take()) {
          taken += bytes.filter((byte) => byte === 1).length;
        }
        assert.equal(taken + queue.dropped, queued);
        assert.equal(queued + lost, serial);
        assert.equal(queue.bytes, 0);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("WriteQueue stays small when it never runs empty", () => {
  const queue = queueOf("disconnect", 1_000, 1);
  for (let count = 0; count < 10; count++) queue.add(bytesOf("x"));
  for (let count = 0; count < 10_000; count++) {
    queue.add(bytesOf("y"));
    assert.equal(queue.take()?.length, 1);
  }
  assert.equal(drain(queue).length, 10);
  queue.add(bytesOf("z"));
  queue.clear();
  assert.equal(queue.take(), undefined);
});
