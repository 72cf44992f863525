import { strict as assert } from "node:assert";
import { MessageBuilder } from "../../../src/wire/zmq/message_builder.ts";

Deno.test("MessageBuilder takes a payload of the largest size with its topic, and no more", () => {
  const builder = new MessageBuilder("XSUB", { messageBytesMax: 10_000, partsMax: 3 });
  assert.equal(builder.refusal(10_000), undefined);
  assert.match(builder.refusal(10_001) ?? "", /more than 10000 bytes/);
  builder.add(new Uint8Array(4_096), "more");
  assert.equal(builder.refusal(10_000), undefined);
  builder.add(new Uint8Array(1), "more");
  assert.match(builder.refusal(10_000) ?? "", /more than 10000 bytes/);
  assert.equal(builder.add(new Uint8Array(1), "last")?.kind, "message");
  assert.equal(builder.refusal(10_000), undefined);
});

Deno.test("MessageBuilder sees subscriptions only in messages of one frame to a publisher", () => {
  const limits = { messageBytesMax: 100, partsMax: 3 };
  const mark = Uint8Array.of(1);
  assert.equal(new MessageBuilder("XPUB", limits).add(mark, "last")?.kind, "subscribe");
  assert.equal(new MessageBuilder("PUB", limits).add(Uint8Array.of(0), "last")?.kind, "cancel");
  assert.equal(new MessageBuilder("PUB", limits).add(new Uint8Array(0), "last")?.kind, "message");
  assert.equal(new MessageBuilder("XSUB", limits).add(mark, "last")?.kind, "message");
});
