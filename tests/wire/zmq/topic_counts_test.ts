import { strict as assert } from "node:assert";
import { TopicCounts, topicKey } from "../../../src/wire/zmq/topic_counts.ts";

Deno.test("TopicCounts tells the first and the last of each topic", () => {
  const counts = new TopicCounts();
  const [a, b] = [Uint8Array.of(0xff, 0), Uint8Array.of(0xff)];
  assert.deepEqual([counts.add(a), counts.add(a), counts.add(b)], [true, false, true]);
  assert.deepEqual(counts.all(), [a, b]);
  assert.deepEqual([counts.remove(a), counts.remove(a), counts.remove(a)], [false, true, false]);
  assert.deepEqual([counts.has(a), counts.has(b)], [false, true]);
});

Deno.test("TopicCounts keeps a topic whose bytes its owner changes", () => {
  const counts = new TopicCounts();
  const topic = Uint8Array.of(1);
  counts.add(topic);
  topic[0] = 2;
  assert.deepEqual(counts.all(), [Uint8Array.of(1)]);
});

Deno.test("topicKey tells any two topics apart", () => {
  const topics = [[], [0], [0, 0], [0xc3, 0xa4], [0xe4], [0x80], [0xff]];
  const keys = new Set(topics.map((bytes) => topicKey(Uint8Array.from(bytes))));
  assert.equal(keys.size, topics.length);
});
