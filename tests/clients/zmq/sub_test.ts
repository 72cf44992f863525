import { strict as assert } from "node:assert";
import { ZmqDealer } from "../../../src/clients/zmq/dealer.ts";
import { ZmqPub } from "../../../src/clients/zmq/pub.ts";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import { ZmqServer } from "../../../src/net/zmq/server.ts";
import { ZmqXPub } from "../../../src/net/zmq/xpub.ts";
import { TRANSPORTS, ZmqHost } from "../../interop/zmq_host.ts";
import { within } from "../../support/tcp.ts";

const text = (frames: readonly Uint8Array[] = []) =>
  frames.map((frame) => new TextDecoder().decode(frame)).join("|");

for (const transport of TRANSPORTS) {
  Deno.test(`ZmqSub subscribes again after each restart over ${transport}`, async () => {
    let host = new ZmqHost();
    const { ports } = host;
    const failures: string[] = [];
    await using sub = new ZmqSub(host.url("sub", transport), {
      topics: ["a"],
      limits: { reconnectMs: 10, reconnectMsMax: 50 },
      onStatus: (status) => status.type !== "up" && failures.push(status.error.message),
    });
    const messages = sub[Symbol.asyncIterator]();
    for (let life = 1; life <= 10; life++) {
      await within(host.subscribed("a"), `the subscription of life ${life} comes`);
      host.intermediary.publish(["a", String(life)]);
      assert.equal(text((await within(messages.next(), "a message")).value), `a|${life}`);
      await host[Symbol.asyncDispose]();
      if (life < 10) host = new ZmqHost({}, ports);
    }
    assert.equal(sub.connects, 10);
    assert.match(failures[0] ?? "", /^Connection to .* ended: /);
  });

  Deno.test(`ZmqSub follows subscribe and unsubscribe over ${transport}`, async () => {
    await using host = new ZmqHost();
    await using sub = new ZmqSub(host.url("sub", transport));
    await within(sub.connected(), "it connects");
    sub.subscribe("a");
    sub.subscribe("b");
    sub.unsubscribe("a");
    await within(host.subscribed("b"), "the subscription comes");
    host.intermediary.xpub.publish(["a", "1"]);
    sub.subscribe("c");
    await within(host.subscribed("c"), "the cancel came before");
    assert.equal(host.intermediary.publish(["a", "2"]), 0);
    assert.equal(host.intermediary.publish(["b", "3"]), 1);
    const messages = sub[Symbol.asyncIterator]();
    assert.equal(text((await within(messages.next(), "a message")).value), "b|3");
  });

  Deno.test(`a server that ends the stream gently is left, over ${transport}`, async () => {
    const xpub = new ZmqXPub();
    await using server = ZmqServer.listen(`${transport}://127.0.0.1:0`, xpub);
    const sub = new ZmqSub(server.url, { topics: [""] });
    await within(sub.connected(), "it connects");
    await within(xpub.close(), "all peers are ended");
    await within(sub.close(), "it closes");
    assert.deepEqual(await sub[Symbol.asyncIterator]().next(), { value: undefined, done: true });
  });
}

Deno.test("ZmqSub ends with its signal, and its reader with it", async () => {
  const controller = new AbortController();
  const sub = new ZmqSub("tcp://127.0.0.1:1", { signal: controller.signal });
  const reading = sub[Symbol.asyncIterator]().next();
  controller.abort();
  assert.equal((await within(reading, "the reader ends")).done, true);
  await within(sub.connected(), "nobody waits for ever");
  await sub.close();
  const aborted = new ZmqSub("tcp://127.0.0.1:1", { signal: controller.signal });
  assert.equal((await aborted[Symbol.asyncIterator]().next()).done, true);
  await aborted.close();
});

Deno.test("sockets refuse URLs and routing ids that cannot be used", () => {
  assert.throws(() => new ZmqSub("http://a"), /^TypeError: Cannot use URL "http:\/\/a"/);
  assert.throws(() => new ZmqDealer("tcp://a:1", { routingId: "x".repeat(256) }), /routing id/);
  assert.throws(() => new ZmqSub("tcp://a:1", { waitingMax: 0 }), /^RangeError: .*waitingMax is 0/);
});

Deno.test("ZmqPub tells what becomes of each message", async () => {
  await using pub = new ZmqPub("tcp://127.0.0.1:1");
  assert.equal(pub.send(["a"]), "closed");
  assert.equal(pub.dropped, 1);
  const waiting = pub.subscribed("a");
  await pub.close();
  await within(waiting, "nobody waits for ever");
  await using host = new ZmqHost();
  await using other = new ZmqPub(host.url("pub", "ws"));
  await within(other.subscribed("a"), "it is asked");
  assert.equal(other.send(["a", "b"]), "sent");
  await other.flushed();
});

Deno.test("ZmqDealer keeps a bounded number of messages for its connection", async () => {
  await using dealer = new ZmqDealer("tcp://127.0.0.1:1", { unconnectedMax: 2 });
  assert.deepEqual([dealer.send(["1"]), dealer.send(["2"]), dealer.send(["3"])], [
    "sent",
    "sent",
    "dropped",
  ]);
  assert.equal(dealer.send([new Uint8Array(5_000_000)]), "dropped");
  assert.equal(dealer.dropped, 2);
  await dealer.close();
  assert.equal(dealer.send(["4"]), "closed");
});
