/**
 * The intermediary between sockets of libzmq.
 */

import { strict as assert } from "node:assert";
import { Intermediary } from "../../src/roles/state/intermediary.ts";
import { requirement } from "../support/require.ts";
import { hasPythonZmq, pythonPeer } from "./zmq_peers.ts";

const LOOPBACK = [{ hostname: "127.0.0.1", port: 0 }];

const isThere = requirement("ZeroMQ, libzmq", {
  name: "python3-zmq",
  available: hasPythonZmq(),
  howToGet: "apt-get install python3-zmq",
});

if (isThere) {
  Deno.test("Intermediary passes messages between libzmq peers over tcp", async () => {
    const { promise: subscribed, resolve } = Promise.withResolvers<void>();
    await using intermediary = Intermediary.start({
      publishers: LOOPBACK,
      subscribers: LOOPBACK,
      onSubscribe: () => resolve(),
    });
    const url = (port: number | undefined) => `tcp://127.0.0.1:${port}`;
    await using sub = pythonPeer({
      act: "sub",
      url: url(intermediary.subscriberAddresses[0]?.port),
      topics: ["a"],
      count: 3,
    });
    await subscribed;
    await using pub = pythonPeer({
      act: "pub",
      url: url(intermediary.publisherAddresses[0]?.port),
    });
    assert.deepEqual(await pub.hear(), { subscription: ["\x01"] });
    for (const message of [["abc", "1"], ["b", "2"], ["a", "", ""], ["ax"]]) {
      await pub.tell(message);
    }
    assert.deepEqual(await sub.hear(), { ready: true });
    for (const message of [["abc", "1"], ["a", "", ""], ["ax"]]) {
      assert.deepEqual(await sub.hear(), { message });
    }
  });
}
