import { strict as assert } from "node:assert";
import { ZmqPub } from "../../../src/clients/zmq/pub.ts";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import type { ZmqMessage } from "../../../src/wire/zmq/message.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { Intermediary } from "../../../src/net/zmq/forwarder.ts";
import { TRANSPORTS, ZmqHost } from "../../interop/zmq_host.ts";
import { RawPeer } from "../../net/zmq/raw.ts";
import { within } from "../../support/tcp.ts";
import { client } from "../../wire/zmq/identities.ts";

const textsOf = (message: ZmqMessage) => message.map((frame) => new TextDecoder().decode(frame));

async function next(messages: AsyncIterator<ZmqMessage>): Promise<string[]> {
  const { value, done } = await within(messages.next(), "a message comes");
  return done === true ? [] : textsOf(value);
}

for (const from of TRANSPORTS) {
  for (const to of TRANSPORTS) {
    Deno.test(`Intermediary passes messages on from ${from} to ${to} in order`, async () => {
      await using host = new ZmqHost();
      await using sub = new ZmqSub(host.url("sub", to), { topics: ["Time", "Timeline"] });
      await within(host.subscribed("Timeline"), "the subscriptions come");
      await using pub = new ZmqPub(host.url("pub", from));
      await within(pub.subscribed(), "the publisher is asked for everything");
      for (let index = 0; index < 500; index++) pub.send(["Timeline", String(index), ""]);
      const messages = sub[Symbol.asyncIterator]();
      for (let index = 0; index < 500; index++) {
        assert.deepEqual(await next(messages), ["Timeline", String(index), ""]);
      }
    });
  }
}

Deno.test("Intermediary keeps to the rule about prefixes that it is given", async () => {
  const clients = new Set(["1", "10"]);
  // A subscription that is exactly the topic of another client names a client, not a group.
  const admits = (topic: Uint8Array, prefixBytes: number) => {
    const text = new TextDecoder().decode(topic.subarray(0, prefixBytes));
    const id = text.replace(/^OnStateChange/, "");
    return prefixBytes === topic.length || !clients.has(id);
  };
  await using host = new ZmqHost({ admits });
  const url = host.url("sub", "ws");
  await using one = new ZmqSub(url, { topics: ["OnStateChange1"] });
  await using group = new ZmqSub(url, { topics: ["OnStateChange"] });
  await using both = new ZmqSub(url, { topics: ["OnStateChange1", "OnStateChange10"] });
  for (const topic of ["OnStateChange1", "OnStateChange10", "OnStateChange"]) {
    await within(host.subscribed(topic), "the subscriptions come");
  }
  await within(host.subscribed("OnStateChange1", 2), "the subscriptions come");
  assert.equal(host.intermediary.publish(["OnStateChange10", "RUNNING"]), 2);
  assert.equal(host.intermediary.publish(["OnStateChange1", "CALIBRATED"]), 3);
  assert.deepEqual(await next(one[Symbol.asyncIterator]()), ["OnStateChange1", "CALIBRATED"]);
  assert.deepEqual(await next(group[Symbol.asyncIterator]()), ["OnStateChange10", "RUNNING"]);
  assert.deepEqual(await next(both[Symbol.asyncIterator]()), ["OnStateChange10", "RUNNING"]);
});

Deno.test("Intermediary tells the last value to a new subscriber alone", async () => {
  await using host = new ZmqHost({
    onSubscribe: (topic, reply) => reply([topic, "UNCALIBRATED"]),
  });
  await using early = new ZmqSub(host.url("sub", "tcp"), { topics: ["OnStateChange1"] });
  const heard = early[Symbol.asyncIterator]();
  assert.deepEqual(await next(heard), ["OnStateChange1", "UNCALIBRATED"]);
  await using late = new ZmqSub(host.url("sub", "ws"), { topics: ["OnStateChange1"] });
  const messages = late[Symbol.asyncIterator]();
  assert.deepEqual(await next(messages), ["OnStateChange1", "UNCALIBRATED"]);
  host.intermediary.publish(["OnStateChange1", "RUNNING"]);
  assert.deepEqual(await next(heard), ["OnStateChange1", "RUNNING"]);
});

Deno.test("Intermediary lets the program listen, and survives its faults", async () => {
  const faults: unknown[] = [];
  await using host = new ZmqHost({
    onError: (error) => faults.push(error),
    onSubscribe: () => {
      throw new Error("no last value");
    },
  });
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const listening = host.intermediary.listen("Get", (message) => {
    resolve(textsOf(message));
    throw new Error("no listener");
  });
  await using sub = new ZmqSub(host.url("sub", "tcp"), { topics: ["Get"] });
  await within(host.subscribed("Get"), "the subscription comes");
  await using pub = new ZmqPub(host.url("pub", "tcp"));
  await within(pub.subscribed("Get"), "the publisher is asked");
  pub.send(["GetClientState1", "hello"]);
  assert.deepEqual(await within(promise, "the listener hears"), ["GetClientState1", "hello"]);
  assert.deepEqual(await next(sub[Symbol.asyncIterator]()), ["GetClientState1", "hello"]);
  assert.equal(faults.length, 2);
  listening[Symbol.dispose]();
  listening[Symbol.dispose]();
});

Deno.test("Intermediary passes subscriptions on to publishers, to those that come later too", async () => {
  await using host = new ZmqHost();
  // An XPUB shows subscriptions to its program; a PUB would be told once that everything is wanted.
  const engine = () => new ZmtpEngine(client("XPUB"));
  using early = await RawPeer.connect(host.ports[0], engine());
  await early.say(engine().open());
  assert.match(await early.hear(), /^ready XSUB/);
  assert.equal(await early.hear(), 'subscribe ""');
  const sub = new ZmqSub(host.url("sub", "ws"), { topics: ["a"] });
  const other = new ZmqSub(host.url("sub", "tcp"), { topics: ["a"] });
  await early.hearUntil('subscribe "a"');
  await within(host.subscribed("a", 2), "both subscriptions come");
  using late = await RawPeer.connect(host.ports[0], engine());
  await late.say(engine().open());
  await late.hearUntil('subscribe "a"');
  await sub.close();
  // Somebody still wants it.
  other.subscribe("b");
  assert.equal(await early.hear(), 'subscribe "b"');
  await other.close();
  const lines = [await early.hear(), await early.hear()].sort();
  assert.deepEqual(lines, ['cancel "a"', 'cancel "b"']);
});

Deno.test("Intermediary listens nowhere if it cannot listen everywhere", async () => {
  await using first = new ZmqHost();
  const [publishers = 0] = first.ports;
  assert.throws(
    () =>
      Intermediary.start({
        subscribers: [{ hostname: "127.0.0.1", port: 0 }],
        publishers: [{ hostname: "127.0.0.1", port: publishers }],
      }),
    /ListenError: Cannot listen on/,
  );
});
