/**
 * A game client's life with sockets of libzmq, over both transports.
 */

import { hasPythonModule } from "../support/python.ts";
import { strict as assert } from "node:assert";
import { heartbeatBody, post, startGameHost } from "../roles/state/game_host.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { pythonPeer } from "./zmq_peers.ts";

const isThere = requirement("game server, libzmq", {
  name: "python3-zmq",
  available: hasPythonModule("zmq"),
  howToGet: "apt-get install python3-zmq",
});

for (const transport of isThere ? ["tcp", "ws"] as const : []) {
  Deno.test(`StateRole leads a libzmq client over ${transport} through its life`, async () => {
    await using host = startGameHost({ timebombMs: 4_000 });
    const [pubUrl, subUrl] = transport === "ws" ? [host.pub, host.sub] : [host.tcpPub, host.tcpSub];
    assert.equal((await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"))).status, 200);
    await using sub = pythonPeer({ act: "sub", url: subUrl, topics: ["OnStateChange1"], count: 5 });
    assert.deepEqual(await sub.hear(), { ready: true });
    const heard = async () => await within(sub.hear(), "a state comes");
    const state = (name: string) => ({ message: ["OnStateChange1", name] });
    assert.deepEqual(await heard(), state("UNCALIBRATED"), "with the subscription");
    await using pub = pythonPeer({ act: "pub", url: pubUrl });
    assert.deepEqual(await pub.hear(), { subscription: ["\x01"] });
    await pub.tell(["GetClientState1", "hello"]);
    assert.deepEqual(await heard(), state("UNCALIBRATED"), "when asked");
    await pub.tell(["SetClientState1", "CALIBRATED"]);
    assert.deepEqual(await heard(), state("CALIBRATED"));
    await post(`${host.url}/State/StartClient`, '{"clientID":"1"}');
    assert.deepEqual(await heard(), state("RUNNING"));
    assert.deepEqual(await heard(), state("DISCONNECTED"), "by its timebomb");
  });
}
