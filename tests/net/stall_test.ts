/**
 * This process does not run for a while, here because it is busy: what others said meanwhile waits
 * in the system, and nobody may be ended for a silence that was ours.
 */

import { strict as assert } from "node:assert";
import type { Connection } from "../../src/net/tcp/connection.ts";
import { TcpServer } from "../../src/net/tcp/server.ts";
import { SilenceWatch } from "../../src/net/silence_watch.ts";
import { Patience } from "../../src/net/timer.ts";
import { encodeFrame, maskFrames, OPCODE } from "../../src/wire/websocket/frame.ts";
import { ZwsEngine } from "../../src/wire/zws/engine.ts";
import { ZmqHost } from "../interop/zmq_host.ts";
import { RawClient } from "../support/tcp.ts";
import { client } from "../wire/zmq/identities.ts";
import { RawPeer } from "./zmq/raw.ts";

/** A timeout, in milliseconds. */
const TIMEOUT_MS = 300;
/** How long the process does not run: longer than the timeout. */
const STALL_MS = 500;

/** Does not let the event loop run. */
function stall(milliseconds = STALL_MS): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

/** A server with one connection, and what it does. */
async function meet(serve: (connection: Connection) => Promise<void>) {
  const { promise, resolve } = Promise.withResolvers<Connection>();
  const server = TcpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    serve: async (connection) => {
      const served = serve(connection);
      resolve(connection);
      await served;
    },
  });
  const [address] = server.addresses;
  assert.ok(address !== undefined);
  const peer = await RawClient.connect(address);
  return { server, peer, connection: await promise };
}

Deno.test("Connection is not ended for a timeout in which the process did not run", async () => {
  const heard = Promise.withResolvers<void>();
  const { server, peer, connection } = await meet(async (connection) => {
    connection.enter("silent", TIMEOUT_MS);
    await connection.read(new Uint8Array(16));
    connection.enter("idle", 60_000);
    heard.resolve();
    await connection.ended();
  });
  await using _ = server;
  using _peer = peer;
  const saying = peer.say("hello");
  stall();
  await saying;
  await Promise.race([heard.promise, connection.ended()]);
  assert.equal(connection.closeReason, undefined);
});

Deno.test("ZmqPeer is not given up for signs of life that nobody took", async () => {
  const heartbeatMs = 60;
  await using host = new ZmqHost({ limits: { heartbeatMs } });
  const engine = () => new ZwsEngine({ identity: client("SUB"), subprotocol: "ZWS2.0/NULL" });
  const upgrade = { path: "/zmq/sub", subprotocol: "ZWS2.0/NULL" };
  using peer = await RawPeer.connect(host.ports[2], engine(), upgrade);
  await peer.say(engine().open());
  assert.match(await peer.hear(), /^ready XPUB/);
  const pong = maskFrames(encodeFrame(OPCODE.pong, new Uint8Array(0)), () => 1);
  for (let count = 0; count < 3; count++) {
    assert.match(await peer.hear(), /^send 8a/);
    const saying = peer.say(pong);
    stall();
    await saying;
  }
});

Deno.test("SilenceWatch tells of no silence in which the process did not run", async () => {
  const { server, peer, connection } = await meet((connection) => connection.ignore());
  await using _ = server;
  using _peer = peer;
  let silences = 0;
  using watch = new SilenceWatch(TIMEOUT_MS, () => silences++);
  const hearing = peer.hear("x").then(() => watch.heard());
  connection.send(Uint8Array.of(0x78));
  await Promise.resolve();
  stall();
  await hearing;
  assert.equal(silences, 0);
});

Deno.test("Patience lasts until what came during a stall is dealt with", async () => {
  const { server, peer, connection } = await meet((connection) => connection.ignore());
  await using _ = server;
  using _peer = peer;
  using patience = new Patience(TIMEOUT_MS);
  const hearing = peer.hear("x");
  connection.send(Uint8Array.of(0x78));
  await Promise.resolve();
  stall();
  await hearing;
  assert.equal(patience.isOver, false);
});
