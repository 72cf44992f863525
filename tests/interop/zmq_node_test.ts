/**
 * jszmq and zeromq.js under Node.js, as unmodified clients of the intermediary.
 */

import { strict as assert } from "node:assert";
import { within } from "../support/tcp.ts";
import { ZmqHost } from "./zmq_host.ts";
import { installZmqPackages, nodePeer } from "./zmq_packages.ts";

const packages = await installZmqPackages("ZeroMQ, jszmq and zeromq.js");

/** Who is tried over what. */
const PEERS = [["jszmq", "ws"], ["zeromq", "ws"], ["zeromq", "tcp"]] as const;

for (const [name, transport] of packages === undefined ? [] : PEERS) {
  if (packages === undefined) continue;
  const other = name === "jszmq" ? "zeromq" : "jszmq";

  Deno.test(`${name} over ${transport}: publications reach ${other} and itself`, async () => {
    await using host = new ZmqHost();
    const topics = ["On"];
    await using near = nodePeer(packages, {
      act: `${name}_sub`,
      url: host.url("sub", transport),
      topics,
    });
    await using far = nodePeer(packages, {
      act: `${other}_sub`,
      url: host.url("sub", "ws"),
      topics,
    });
    await within(host.subscribed("On", 2), "both subscriptions come");
    await using pub = nodePeer(packages, { act: `${name}_pub`, url: host.url("pub", transport) });
    await pub.hear();
    // A PUB drops what it is given before it knows our subscription: say it until it arrives.
    const arrived = near.hear();
    const timer = setInterval(() => void pub.tell(["OnStateChange", "x", ""]), 50);
    const message = ["OnStateChange", "x", ""];
    assert.deepEqual(await arrived, { message });
    assert.deepEqual(await far.hear(), { message });
    clearInterval(timer);
  });
}

for (const name of packages === undefined ? [] : ["jszmq", "zeromq"]) {
  for (const kind of ["req", "dealer"]) {
    Deno.test(`${name} over ws: requests of a ${kind} are answered`, async () => {
      if (packages === undefined) return;
      await using host = new ZmqHost();
      await using peer = nodePeer(packages, {
        act: `${name}_request`,
        kind,
        url: host.url("req", "ws"),
      });
      for (const message of [["GetClientState", "1"], ["x"]]) {
        await peer.tell(message);
        assert.deepEqual(await peer.hear(), { message: ["Reply", ...message] });
      }
    });
  }
}
