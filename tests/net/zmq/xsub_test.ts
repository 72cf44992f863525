import { strict as assert } from "node:assert";
import { ZmqServer } from "../../../src/net/zmq/server.ts";
import { ZmqXSub } from "../../../src/net/zmq/xsub.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { client } from "../../wire/zmq/identities.ts";
import { RawPeer } from "./raw.ts";

/** A publisher that says its name and then hears what is wanted of it. */
async function publisher(server: ZmqServer, socketType: "PUB" | "XPUB"): Promise<RawPeer> {
  const engine = new ZmtpEngine(client(socketType));
  const peer = await RawPeer.connect(Number(new URL(server.url).port), engine);
  await peer.say(engine.open());
  assert.match(await peer.hear(), /^ready XSUB/);
  return peer;
}

/** The next lines that a publisher hears. */
async function hear(peer: RawPeer, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) lines.push(await peer.hear());
  return lines;
}

Deno.test("ZmqXSub tells every topic to a publisher that shows them to its program", async () => {
  await using xsub = new ZmqXSub({ onMessage: () => undefined });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", xsub);
  xsub.subscribe("");
  xsub.subscribe("early");
  using peer = await publisher(server, "XPUB");
  assert.deepEqual((await hear(peer, 2)).sort(), ['subscribe ""', 'subscribe "early"']);
  xsub.subscribe("late");
  xsub.unsubscribe("early");
  xsub.unsubscribe("");
  assert.deepEqual(await hear(peer, 3), ['subscribe "late"', 'cancel "early"', 'cancel ""']);
});

Deno.test("ZmqXSub tells a publisher that only filters either everything or each topic", async () => {
  await using xsub = new ZmqXSub({ onMessage: () => undefined });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", xsub);
  xsub.subscribe("");
  xsub.subscribe("early");
  using peer = await publisher(server, "PUB");
  assert.deepEqual(await hear(peer, 1), ['subscribe ""']);
  xsub.subscribe("hidden");
  xsub.unsubscribe("early");
  xsub.unsubscribe("");
  // Nothing that is wanted is unwanted in between.
  assert.deepEqual(await hear(peer, 2), ['subscribe "hidden"', 'cancel ""']);
  xsub.subscribe("shown");
  xsub.subscribe("");
  const lines = await hear(peer, 4);
  assert.deepEqual(lines.slice(0, 2), ['subscribe "shown"', 'subscribe ""']);
  assert.deepEqual(lines.slice(2).sort(), ['cancel "hidden"', 'cancel "shown"']);
});

Deno.test("ZmqXSub counts subscriptions: the last of a topic takes it back", async () => {
  await using xsub = new ZmqXSub({ onMessage: () => undefined });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", xsub);
  using peer = await publisher(server, "XPUB");
  for (const topic of ["a", "a", "b"]) xsub.subscribe(topic);
  for (const topic of ["a", "b", "a", "a"]) xsub.unsubscribe(topic);
  assert.deepEqual(await hear(peer, 4), [
    'subscribe "a"',
    'subscribe "b"',
    'cancel "b"',
    'cancel "a"',
  ]);
});
