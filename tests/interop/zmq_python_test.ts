/**
 * Between sockets of libzmq, over both transports: the intermediary, requests, and our own clients.
 */

import { hasPythonModule } from "../support/python.ts";
import { strict as assert } from "node:assert";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import type { ZmqMessage } from "../../src/wire/zmq/message.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { TRANSPORTS, ZmqHost } from "./zmq_host.ts";
import { pythonPeer } from "./zmq_peers.ts";

const isThere = requirement("ZeroMQ, libzmq", {
  name: "python3-zmq",
  available: hasPythonModule("zmq"),
  howToGet: "apt-get install python3-zmq",
});

const MEBIBYTE = 1_048_576;
/** Times that the server is there: ten restarts in a row. */
const LIVES = 11;
const HEARTBEATS = { HEARTBEAT_IVL: 100, HEARTBEAT_TTL: 1_000, HEARTBEAT_TIMEOUT: 1_000 };

const textsOf = (message: ZmqMessage) => message.map((frame) => new TextDecoder().decode(frame));

async function first(messages: AsyncIterable<ZmqMessage>): Promise<string[]> {
  const iterator = messages[Symbol.asyncIterator]();
  const { value, done } = await within(iterator.next(), "a message comes");
  return done === true ? [] : textsOf(value);
}

for (const transport of isThere ? TRANSPORTS : []) {
  const other = transport === "tcp" ? "ws" : "tcp";

  Deno.test(`libzmq over ${transport}: messages reach a subscriber over ${other} unchanged`, async () => {
    await using host = new ZmqHost();
    await using sub = pythonPeer({
      act: "sub",
      url: host.url("sub", other),
      topics: ["a"],
      count: 3,
    });
    await within(host.subscribed("a"), "the subscription comes");
    await using pub = pythonPeer({ act: "pub", url: host.url("pub", transport) });
    assert.deepEqual(await pub.hear(), { subscription: ["\x01"] });
    for (const message of [["abc", "\0\xff"], ["b", "2"], ["a", "", ""], ["ax"]]) {
      await pub.tell(message);
    }
    assert.deepEqual(await sub.hear(), { ready: true });
    for (const message of [["abc", "\0\xff"], ["a", "", ""], ["ax"]]) {
      assert.deepEqual(await sub.hear(), { message });
    }
  });

  Deno.test(`libzmq over ${transport}: a message of 1 MiB passes`, async () => {
    await using host = new ZmqHost();
    await using sub = pythonPeer({
      act: "sub",
      url: host.url("sub", transport),
      topics: ["large"],
      count: 1,
      sizes: true,
    });
    await within(host.subscribed("large"), "the subscription comes");
    await using pub = pythonPeer({ act: "pub", url: host.url("pub", transport) });
    await pub.hear();
    await pub.tell(MEBIBYTE);
    await sub.hear();
    assert.deepEqual(await sub.hear(), { sizes: [5, MEBIBYTE] });
  });

  Deno.test(`libzmq over ${transport}: a hundred subscribers get everything`, async () => {
    await using host = new ZmqHost();
    const [peers, count] = [100, 50];
    await using crowd = pythonPeer({ act: "crowd", url: host.url("sub", transport), peers, count });
    await crowd.hear();
    await within(host.subscribed("", peers), "all subscriptions come");
    for (let index = 0; index < count; index++) {
      assert.equal(host.intermediary.publish(["topic", String(index)]), peers);
    }
    assert.deepEqual(await crowd.hear(), { complete: peers });
    assert.equal(host.intermediary.counters.dropped, 0);
  });

  Deno.test(`libzmq over ${transport}: heartbeats are answered and a restart is survived`, async () => {
    let host = new ZmqHost();
    const { ports } = host;
    const topics = ["a"];
    const url = host.url("sub", transport);
    await using sub = pythonPeer({ act: "sub", url, topics, count: LIVES, options: HEARTBEATS });
    try {
      for (let life = 0; life < LIVES; life++) {
        await within(host.subscribed("a"), `the subscription of life ${life} comes`);
        host.intermediary.publish(["a", String(life)]);
        if (life === 0) assert.deepEqual(await sub.hear(), { ready: true });
        assert.deepEqual(await sub.hear(), { message: ["a", String(life)] });
        if (life === LIVES - 1) break;
        await host[Symbol.asyncDispose]();
        host = new ZmqHost({}, ports);
      }
      assert.equal(await sub.ended(), true);
    } finally {
      await host[Symbol.asyncDispose]();
    }
  });

  Deno.test(`libzmq over ${transport}: PLAIN lets in who knows the password`, async () => {
    await using host = new ZmqHost({
      mechanism: { name: "PLAIN", admit: (user, password) => user === "a" && password === "b" },
    });
    const plan = { act: "sub", url: host.url("sub", transport), topics: ["t"], count: 1 };
    await using wrong = pythonPeer({
      ...plan,
      options: { PLAIN_USERNAME: "a", PLAIN_PASSWORD: "c" },
    });
    await using right = pythonPeer({
      ...plan,
      options: { PLAIN_USERNAME: "a", PLAIN_PASSWORD: "b" },
    });
    await within(host.subscribed("t"), "the subscription comes");
    await wrong.hear();
    assert.equal(host.intermediary.publish(["t", "x"]), 1);
    await right.hear();
    assert.deepEqual(await right.hear(), { message: ["t", "x"] });
  });

  Deno.test(`libzmq over ${transport}: our own clients talk to its servers`, async () => {
    const path = transport === "ws" ? "/x" : "";
    const url = `${transport}://127.0.0.1:*${path}`;
    await using xpub = pythonPeer({ act: "bound", kind: "XPUB", url });
    await using sub = new ZmqSub(String((await xpub.hear())["url"]), { topics: ["hi"] });
    assert.deepEqual(await first(sub), ["hi!", "hello"]);
    await using rep = pythonPeer({ act: "bound", kind: "REP", url });
    await using req = new ZmqReq(String((await rep.hear())["url"]));
    assert.deepEqual(textsOf(await req.request(["one", ""])), ["one", ""]);
    assert.deepEqual(textsOf(await req.request(["two"])), ["two"]);
    await using bound = pythonPeer({ act: "bound", kind: "SUB", url });
    await using pub = new ZmqPub(String((await bound.hear())["url"]));
    await within(pub.subscribed("x"), "the subscription comes");
    assert.equal(pub.send(["x", "y"]), "sent");
    assert.deepEqual(await bound.hear(), { message: ["x", "y"] });
  });
}

for (const kind of isThere ? ["REQ", "DEALER"] : []) {
  Deno.test(`libzmq over ws: requests of a ${kind} are answered`, async () => {
    await using host = new ZmqHost();
    const options = kind === "REQ"
      ? { REQ_CORRELATE: 1, REQ_RELAXED: 1, PROBE_ROUTER: 1 }
      : { PROBE_ROUTER: 1 };
    await using peer = pythonPeer({
      act: "request",
      kind,
      url: host.url("req", "ws"),
      options,
    });
    for (
      const message of [["GetClientState", "1"], ["a", "", "b"].slice(0, kind === "REQ" ? 3 : 1)]
    ) {
      await peer.tell(message);
      assert.deepEqual(await peer.hear(), { message: ["Reply", ...message] });
    }
  });
}
