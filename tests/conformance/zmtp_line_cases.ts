/**
 * What happens to a connection with libzmq: heartbeats, mechanisms, high-water marks, restarts, and
 * peers of earlier protocols.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { Mechanism } from "../../src/wire/zmq/handshake.ts";
import { RawClient } from "../support/tcp.ts";
import type { Deviation } from "./listed.ts";
import { group, type ZmtpCase } from "./zmtp_case.ts";
import type { ZmtpWorld } from "./zmtp_world.ts";

/** Longer than several heartbeats and their timeout, in milliseconds. */
const QUIET_MS = 1_300;
const DOOR_KINDS = [["pub", "PUB"], ["sub", "SUB"], ["req", "DEALER"]] as const;

/** A peer of each door lives through a silence without being connected anew. */
async function staysConnected(
  world: ZmtpWorld,
  options: Readonly<Record<string, number>>,
): Promise<void> {
  const peers = [];
  for (const [door, kind] of DOOR_KINDS) peers.push(await world.dial(door, kind, options));
  for (const peer of peers) {
    assert.equal(await peer.happened(["HANDSHAKE_SUCCEEDED"]), "HANDSHAKE_SUCCEEDED");
  }
  for (const peer of peers) {
    const ended = await peer.happened(["DISCONNECTED"], peer === peers[0] ? QUIET_MS : 0);
    assert.equal(ended, undefined);
  }
}

const heartbeats = group("heartbeats");
const HEARTBEATS: readonly ZmtpCase[] = [
  heartbeats(
    "of libzmq are answered at every door",
    "RFC 37 2.4",
    (world) =>
      staysConnected(world, { HEARTBEAT_IVL: 100, HEARTBEAT_TIMEOUT: 800, HEARTBEAT_TTL: 800 }),
  ),
  heartbeats("of ours are answered by libzmq", "RFC 37 2.4", (world) => staysConnected(world, {}), {
    options: { limits: { heartbeatMs: 100 } },
  }),
];

const PLAIN: Mechanism = { name: "PLAIN", admit: (user, word) => user === "u" && word === "right" };
const FAILURES = [
  "HANDSHAKE_FAILED_AUTH",
  "HANDSHAKE_FAILED_PROTOCOL",
  "HANDSHAKE_FAILED_NO_DETAIL",
  "DISCONNECTED",
];
/** The keys of libzmq's own tests. */
const CURVE = {
  CURVE_SERVERKEY: "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
  CURVE_PUBLICKEY: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
  CURVE_SECRETKEY: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
};
const NO_CURVE: Deviation = {
  does: "serves the mechanisms NULL and PLAIN, not CURVE",
  why:
    "passwords and states travel within the exhibition's network; wss:// encrypts where that is wanted",
};

/** How long a peer is given to come in although it must not, in milliseconds. */
const REFUSAL_MS = 500;

function entersOrNot(wanted: "enters" | "stays out", options: Readonly<Record<string, string>>) {
  return async (world: ZmtpWorld) => {
    const peer = await world.dial("sub", "SUB", { ...options, SUBSCRIBE: "t" });
    if (wanted === "enters") return await world.host.subscribed("t");
    const outcome = await peer.happened(FAILURES, REFUSAL_MS);
    // Over WebSocket libzmq tells nothing of a refused upgrade.
    if (world.transport === "tcp") assert.ok(FAILURES.includes(outcome ?? ""), outcome);
    assert.equal(world.host.intermediary.counters.subscribers, 0);
  };
}

const login = (word: string) => ({ PLAIN_USERNAME: "u", PLAIN_PASSWORD: word });
const mechanisms = group("mechanisms");
const MECHANISMS: readonly ZmtpCase[] = [
  mechanisms("NULL", "RFC 37 2.4", entersOrNot("enters", {})),
  mechanisms("PLAIN with the right password", "RFC 24", entersOrNot("enters", login("right")), {
    options: { mechanism: PLAIN },
  }),
  mechanisms("PLAIN with a wrong password", "RFC 24", entersOrNot("stays out", login("wrong")), {
    options: { mechanism: PLAIN },
  }),
  mechanisms("NULL where PLAIN is wanted", "RFC 37 2.2", entersOrNot("stays out", {}), {
    options: { mechanism: PLAIN },
  }),
  mechanisms("PLAIN where NULL is wanted", "RFC 37 2.2", entersOrNot("stays out", login("right"))),
  mechanisms("CURVE", "RFC 26", entersOrNot("stays out", CURVE), { deviates: NO_CURVE }),
];

const marks = group("high-water marks");
const MARKS: readonly ZmtpCase[] = [
  marks("who does not read loses whole messages, and nobody else any", "RFC 29", async (world) => {
    const slow = await world.subscriber(["n"], { RCVHWM: 1, RCVBUF: 8_192 });
    const good = await world.subscriber(["n"], { RCVHWM: 0 });
    await world.host.subscribed("n", 2);
    const bulk = new Uint8Array(60_000);
    let count = 0;
    for (; world.host.intermediary.counters.dropped < 5; count++) {
      assert.ok(count < 2_000, "the queue has a bound");
      world.host.intermediary.publish(["n", `${count}`, bulk]);
      assert.deepEqual(await good.receiveSizes(), [1, `${count}`.length, bulk.length]);
    }
    let last = -1;
    for (
      let message = await slow.receive();
      message !== undefined;
      message = await slow.receive(300)
    ) {
      assert.equal(message.length, 3);
      assert.ok(Number(message[1]) > last, "in order");
      last = Number(message[1]);
    }
    assert.ok(last >= 0);
  }, { options: { limits: { unsentBytes: 200_000 } } }),
];

const restarts = group("restarts");
const RESTARTS: readonly ZmtpCase[] = [
  restarts("a subscriber comes back with its topics", "RFC 29", async (world) => {
    const sub = await world.subscriber(["a"], { RECONNECT_IVL: 20 });
    await world.restart();
    // libzmq subscribes anew only while its program calls it.
    const heard = sub.receive();
    await world.host.subscribed("a");
    world.host.intermediary.publish(["a", "again"]);
    assert.deepEqual(await heard, ["a", "again"]);
  }),
  restarts("a publisher comes back, and is told what is wanted", "RFC 29", async (world) => {
    const pub = await world.publisher({ RECONNECT_IVL: 20, XPUB_VERBOSE: 1 });
    await world.restart();
    assert.deepEqual(await pub.receive(), ["\x01"]);
  }),
  restarts("a requester comes back and is answered", "RFC 28", async (world) => {
    const asker = await world.dial("req", "REQ", {
      RECONNECT_IVL: 20,
      REQ_RELAXED: 1,
      REQ_CORRELATE: 1,
    });
    await asker.send("before");
    assert.deepEqual(await asker.receive(), ["Reply", "before"]);
    await world.restart();
    // What goes into the connection that has just ended is lost.
    let heard: string[] | undefined;
    for (let time = 0; heard === undefined && time < 20; time++) {
      await asker.send("after");
      heard = await asker.receive(300);
    }
    assert.deepEqual(heard, ["Reply", "after"]);
  }),
];

const OLD: Deviation = {
  does: "ends peers of ZMTP 1.0 and 2.0",
  why: "libzmq before 4.0 (2013) speaks them; RFC 23 and 37 leave it to the server",
};
const SIGNATURE = "\xff\0\0\0\0\0\0\0\x01\x7f";
const NULL_30 = `${SIGNATURE}\x03\x00NULL${"\0".repeat(48)}`;
const READY_SUB = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB";

/** Says bytes to the subscribers' port; the result has heard the greeting. */
async function greeted(world: ZmtpWorld, bytes: string): Promise<RawClient> {
  const { port, hostname } = new URL(world.host.url("sub", "tcp"));
  const client = await RawClient.connect({ hostname, port: Number(port) });
  await client.say(bytes);
  return client;
}

const ends = async (world: ZmtpWorld, bytes: string) => {
  using client = await greeted(world, bytes);
  await client.hearAll();
  assert.notEqual(await world.violation(), "");
};
const versions = group("versions");
const tcp = { transports: ["tcp"] as const };
const VERSIONS: readonly ZmtpCase[] = [
  versions("ZMTP 3.0 subscribes with messages", "RFC 23", async (world) => {
    using client = await greeted(world, `${NULL_30}${READY_SUB}\0\x02\x01a`);
    await world.host.subscribed("a");
    world.host.intermediary.publish(["a", "x"]);
    await client.hear("\x01\x01a\0\x01x");
  }, tcp),
  versions("ZMTP 3.1 subscribes with commands", "RFC 37 2.3", async (world) => {
    const greeting = NULL_30.replace("\x03\x00", "\x03\x01");
    using client = await greeted(world, `${greeting}${READY_SUB}\x04\x0b\x09SUBSCRIBEa`);
    await world.host.subscribed("a");
    world.host.intermediary.publish(["a", "x"]);
    await client.hear("\x01\x01a\0\x01x");
  }, tcp),
  versions("a later version is answered as 3.1", "RFC 37 2.2", async (world) => {
    const greeting = NULL_30.replace("\x03\x00", "\x04\x05");
    using client = await greeted(world, `${greeting}${READY_SUB}\0\x02\x01a`);
    await world.host.subscribed("a");
    await client.hear("XPUB");
  }, tcp),
  versions("ZMTP 2.0", "RFC 15", (world) => ends(world, `${SIGNATURE}\x01\x02\0\0`), {
    ...tcp,
    deviates: OLD,
  }),
  versions("ZMTP 1.0", "RFC 13", (world) => ends(world, "\x01\0\x02\0a"), {
    ...tcp,
    deviates: OLD,
  }),
  versions("a greeting byte by byte", "RFC 37 2.2", async (world) => {
    using client = await greeted(world, "");
    for (const byte of `${NULL_30}${READY_SUB}`) await client.say(byte);
    await client.hear("XPUB");
  }, tcp),
  versions("our greeting does not wait for theirs", "RFC 37 2.2", async (world) => {
    using client = await greeted(world, "");
    await client.hear("NULL");
  }, tcp),
];

/** All of them. */
export const LINE_CASES: readonly ZmtpCase[] = [
  ...HEARTBEATS,
  ...MECHANISMS,
  ...MARKS,
  ...RESTARTS,
  ...VERSIONS,
];
