/**
 * ZMTP 3.1 and ZWS 2.0 as a list of cases against libzmq, each over both transports.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { ZmqDoor } from "../../src/net/zmq/forwarder.ts";
import type { Deviation } from "./listed.ts";
import { group, type ZmtpCase } from "./zmtp_case.ts";
import { CLIENT_CASES } from "./zmtp_client_cases.ts";
import { LINE_CASES } from "./zmtp_line_cases.ts";
import type { ZmtpWorld } from "./zmtp_world.ts";

/** The kinds of socket that libzmq has and that speak ZMTP. */
const KINDS = [
  ...["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB"],
];
/** What fits to each door (RFC 28 and 29). */
const FITTING: Readonly<Record<ZmqDoor, readonly string[]>> = {
  pub: ["PUB", "XPUB"],
  sub: ["SUB", "XSUB"],
  req: ["REQ", "DEALER", "ROUTER"],
};
const SUBSCRIBE_ALL = "\x01";

/** Has something said until it arrives: a PUB drops what it is given before it knows our subscription. */
async function publishedBy(world: ZmtpWorld, kind: string): Promise<void> {
  const sub = await world.subscriber(["a"]);
  const pub = await world.dial("pub", kind);
  if (kind === "XPUB") assert.deepEqual(await pub.receive(), [SUBSCRIBE_ALL]);
  let heard: string[] | undefined;
  while (heard === undefined) {
    await pub.send("abc", "", "\0\xff");
    heard = await sub.receive(100);
    if (heard !== undefined) assert.deepEqual(heard, ["abc", "", "\0\xff"]);
  }
}

async function subscribedBy(world: ZmtpWorld, kind: string): Promise<void> {
  const sub = await world.dial("sub", kind);
  if (kind === "SUB") await sub.set("SUBSCRIBE", "a");
  else await sub.send("\x01a");
  await world.host.subscribed("a");
  world.host.intermediary.publish(["b", "not this"]);
  world.host.intermediary.publish(["abc", "x"]);
  assert.deepEqual(await sub.receive(), ["abc", "x"]);
}

async function askedBy(world: ZmtpWorld, kind: string): Promise<void> {
  const asker = await world.dial("req", kind, kind === "ROUTER" ? { CONNECT_ROUTING_ID: "s" } : {});
  const envelope = kind === "ROUTER" ? ["s", ""] : kind === "DEALER" ? [""] : [];
  for (const body of [["one"], ["two", "parts"]]) {
    await asker.send(...envelope, ...body);
    assert.deepEqual(await asker.receive(), [...envelope, "Reply", ...body]);
  }
}

/** How long we may take to say why a peer was refused, in milliseconds. */
const REASON_MS = 1_000;
/** What libzmq's monitor tells of a peer that does not fit. */
const ENDS = ["HANDSHAKE_FAILED_PROTOCOL", "HANDSHAKE_FAILED_NO_DETAIL", "DISCONNECTED"];

/** What is read by nobody before libzmq resets the connection is lost, and with it the reason. */
async function refuses(world: ZmtpWorld, door: ZmqDoor, kind: string): Promise<void> {
  const peer = await world.dial(door, kind);
  const reason = await world.violationIn(REASON_MS);
  if (reason !== undefined) {
    assert.match(reason, /^Cannot connect: peer (is "|left during the handshake)/);
  } else if (world.transport === "tcp") {
    const outcome = await peer.happened(["HANDSHAKE_SUCCEEDED", ...ENDS]);
    assert.ok(ENDS.includes(outcome ?? ""), outcome);
  }
  assert.equal(world.host.intermediary.counters.received, 0);
}

const SERVED: Readonly<Record<ZmqDoor, (world: ZmtpWorld, kind: string) => Promise<void>>> = {
  pub: publishedBy,
  sub: subscribedBy,
  req: askedBy,
};
const DOORS = Object.keys(SERVED) as ZmqDoor[];
const clauseOf = (door: ZmqDoor) => door === "req" ? "RFC 28" : "RFC 29";

const pairs = group("socket pairs");
const PAIRS = DOORS.flatMap((door) => [
  ...FITTING[door].map((kind) =>
    pairs(`${kind} at the door ${door}`, clauseOf(door), (world) => SERVED[door](world, kind))
  ),
  ...KINDS.filter((kind) => !FITTING[door].includes(kind)).map((kind) =>
    pairs(
      `${kind} at the door ${door} is refused`,
      "RFC 37 2.4",
      (world) => refuses(world, door, kind),
    )
  ),
]);

const LENGTHS = [0, 1, 124, 125, 126, 254, 255, 256, 8_192, 65_534, 65_535, 65_536, 1_048_576];
const frames = group("frames and messages");
const FRAMES: readonly ZmtpCase[] = [
  ...LENGTHS.map((length) =>
    frames(`a frame of ${length} bytes, there and back`, "RFC 37 2.3, RFC 45", async (world) => {
      const sub = await world.subscriber(["large"]);
      const pub = await world.publisher();
      await pub.sendLarge(length, "large");
      assert.deepEqual(await sub.receiveSizes(), [5, length]);
    })
  ),
  ...[1, 2, 63, 64].map((count) =>
    frames(`a message of ${count} frames`, "RFC 37 2.3", async (world) => {
      const sub = await world.subscriber([""]);
      const pub = await world.publisher();
      const message = Array.from({ length: count }, (_, at) => at % 3 === 2 ? "" : `part ${at}`);
      await pub.send(...message);
      assert.deepEqual(await sub.receive(), message);
    })
  ),
  frames("a thousand messages keep their order", "RFC 29", async (world) => {
    const sub = await world.subscriber(["n"], { RCVHWM: 0 });
    const pub = await world.publisher({ SNDHWM: 0 });
    for (let at = 0; at < 1_000; at++) await pub.send("n", `${at}`);
    for (let at = 0; at < 1_000; at++) assert.deepEqual(await sub.receive(), ["n", `${at}`]);
  }),
  frames("every kind of byte", "RFC 37 2.3", async (world) => {
    const sub = await world.subscriber([""]);
    const pub = await world.publisher();
    const every = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
    await pub.send(every, every);
    assert.deepEqual(await sub.receive(), [every, every]);
  }),
];

const TOO_MANY_FRAMES: Deviation = {
  does: "ends a peer whose message has more than 64 frames or 1 MiB",
  why: "RFC 37 knows no limit; without one a peer fills the memory of a Pi",
};
const LIMITS: readonly ZmtpCase[] = [
  frames("a message of 65 frames", "RFC 37 2.3", async (world) => {
    const pub = await world.publisher();
    await pub.send(...Array.from({ length: 65 }, () => "x"));
    assert.match(await world.violation(), /more than 64 frames/);
  }, { deviates: TOO_MANY_FRAMES }),
  frames("a message of 2 MiB", "RFC 37 2.3", async (world) => {
    const pub = await world.publisher();
    await pub.sendLarge(2_097_152, "large");
    assert.match(await world.violation(), /more than 104857[67] bytes/);
  }, { deviates: TOO_MANY_FRAMES }),
];

const subscriptions = group("subscriptions");
const SUBSCRIPTIONS: readonly ZmtpCase[] = [
  subscriptions("are forwarded to publishers", "RFC 29", async (world) => {
    const pub = await world.publisher();
    const sub = await world.subscriber(["topic"]);
    assert.deepEqual(await pub.receive(), ["\x01topic"]);
    await sub.set("UNSUBSCRIBE", "topic");
    assert.deepEqual(await pub.receive(), ["\0topic"]);
  }),
  subscriptions("of a peer that goes are taken back", "RFC 29", async (world) => {
    const pub = await world.publisher();
    const sub = await world.subscriber(["topic"]);
    assert.deepEqual(await pub.receive(), ["\x01topic"]);
    await sub.close();
    assert.deepEqual(await pub.receive(), ["\0topic"]);
  }),
  subscriptions("are forwarded once for two subscribers", "RFC 29", async (world) => {
    const pub = await world.publisher();
    await world.subscriber(["topic"]);
    const second = await world.socket("SUB");
    await second.set("SUBSCRIBE", "topic");
    await second.connect(world.url("sub"));
    await world.host.subscribed("topic", 2);
    await world.subscriber(["mark"]);
    assert.deepEqual(await pub.receive(), ["\x01topic"]);
    assert.deepEqual(await pub.receive(), ["\x01mark"]);
  }),
  subscriptions("match by the beginning of the first frame", "RFC 29", async (world) => {
    const sub = await world.subscriber(["ab"]);
    for (const topic of ["a", "b", "ba", "Ab", "ab", "abc"]) {
      world.host.intermediary.publish([topic, "ab"]);
    }
    assert.deepEqual(await sub.receive(), ["ab", "ab"]);
    assert.deepEqual(await sub.receive(), ["abc", "ab"]);
    assert.equal(await sub.receive(50), undefined);
  }),
  subscriptions("two that match bring one message", "RFC 29", async (world) => {
    const sub = await world.subscriber(["a", "ab"]);
    world.host.intermediary.publish(["abc"]);
    world.host.intermediary.publish(["a", "last"]);
    assert.deepEqual(await sub.receive(), ["abc"]);
    assert.deepEqual(await sub.receive(), ["a", "last"]);
  }),
  subscriptions("to everything", "RFC 29", async (world) => {
    const sub = await world.subscriber([""]);
    world.host.intermediary.publish(["", "empty topic"]);
    assert.deepEqual(await sub.receive(), ["", "empty topic"]);
  }),
  subscriptions("end when they are cancelled", "RFC 29", async (world) => {
    const sub = await world.subscriber(["a", "b"]);
    await sub.set("UNSUBSCRIBE", "a");
    // What comes later on the connection shows that the cancel has arrived.
    await sub.set("SUBSCRIBE", "c");
    await world.host.subscribed("c");
    world.host.intermediary.publish(["a"]);
    world.host.intermediary.publish(["b"]);
    assert.deepEqual(await sub.receive(), ["b"]);
  }),
  subscriptions("an XSUB's message to its publisher does no harm", "RFC 29", async (world) => {
    const sub = await world.dial("sub", "XSUB");
    await sub.send("hello", "world");
    await sub.send("\x01a");
    await world.host.subscribed("a");
    world.host.intermediary.publish(["a"]);
    assert.deepEqual(await sub.receive(), ["a"]);
  }),
  subscriptions("a publisher that wants all of them (XPUB_VERBOSE)", "RFC 29", async (world) => {
    const pub = await world.dial("pub", "XPUB", { XPUB_VERBOSE: 1 });
    assert.deepEqual(await pub.receive(), [SUBSCRIBE_ALL]);
    const sub = await world.subscriber(["v"]);
    assert.deepEqual(await pub.receive(), ["\x01v"]);
    await pub.send("v", "1");
    assert.deepEqual(await sub.receive(), ["v", "1"]);
  }),
  subscriptions("CONFLATE keeps the last", "RFC 29", async (world) => {
    const sub = await world.subscriber([""], { CONFLATE: 1 });
    const other = await world.subscriber(["last"]);
    for (const text of ["1", "2", "last"]) world.host.intermediary.publish([text]);
    await other.receive();
    for (let heard = await sub.receive(); heard?.[0] !== "last";) heard = await sub.receive();
  }),
];

const envelopes = group("identities and envelopes");
const ENVELOPES: readonly ZmtpCase[] = [
  envelopes("two peers of one identity get each their own reply", "RFC 28", async (world) => {
    const [first, second] = [
      await world.dial("req", "DEALER", { ROUTING_ID: "twin" }),
      await world.dial("req", "DEALER", { ROUTING_ID: "twin" }),
    ];
    await first.send("", "first");
    await second.send("", "second");
    assert.deepEqual(await first.receive(), ["", "Reply", "first"]);
    assert.deepEqual(await second.receive(), ["", "Reply", "second"]);
  }),
  envelopes("an identity of 255 bytes", "RFC 28", async (world) => {
    const asker = await world.dial("req", "REQ", { ROUTING_ID: "i".repeat(255) });
    await asker.send("x");
    assert.deepEqual(await asker.receive(), ["Reply", "x"]);
  }),
  envelopes("a DEALER without envelope", "RFC 28", async (world) => {
    const asker = await world.dial("req", "DEALER");
    await asker.send("bare", "body");
    assert.deepEqual(await asker.receive(), ["Reply", "bare", "body"]);
  }),
  envelopes("a DEALER that sends several before it reads", "RFC 28", async (world) => {
    const asker = await world.dial("req", "DEALER");
    for (let at = 0; at < 200; at++) await asker.send("", `${at}`);
    for (let at = 0; at < 200; at++) {
      assert.deepEqual(await asker.receive(), ["", "Reply", `${at}`]);
    }
  }),
  envelopes("an envelope of several addresses comes back", "RFC 28", async (world) => {
    const asker = await world.dial("req", "DEALER");
    await asker.send("device", "inner", "", "body");
    assert.deepEqual(await asker.receive(), ["device", "inner", "", "Reply", "body"]);
  }),
  envelopes("REQ_CORRELATE and REQ_RELAXED", "RFC 28", async (world) => {
    const asker = await world.dial("req", "REQ", { REQ_CORRELATE: 1, REQ_RELAXED: 1 });
    await asker.send("given up");
    await asker.send("again");
    assert.deepEqual(await asker.receive(), ["Reply", "again"]);
  }),
  envelopes("PROBE_ROUTER is not answered", "RFC 28", async (world) => {
    const asker = await world.dial("req", "DEALER", { PROBE_ROUTER: 1 });
    await asker.send("", "x");
    assert.deepEqual(await asker.receive(), ["", "Reply", "x"]);
  }),
  envelopes(
    "a ROUTER that insists (ROUTER_MANDATORY) learns who is gone",
    "RFC 28",
    async (world) => {
      const asker = await world.dial("req", "ROUTER", {
        CONNECT_ROUTING_ID: "s",
        ROUTER_MANDATORY: 1,
      });
      await asker.send("s", "", "x");
      assert.deepEqual(await asker.receive(), ["s", "", "Reply", "x"]);
      await assert.rejects(asker.send("nobody", "", "x"), /EHOSTUNREACH/);
    },
  ),
  envelopes("a request without a body is answered", "RFC 28", async (world) => {
    const asker = await world.dial("req", "REQ");
    await asker.send("", "");
    assert.deepEqual(await asker.receive(), ["Reply", "", ""]);
  }),
];

/** Everything that is tried, over tcp and over ws. */
export const ZMTP_CASES: readonly ZmtpCase[] = [
  ...PAIRS,
  ...FRAMES,
  ...LIMITS,
  ...SUBSCRIPTIONS,
  ...ENVELOPES,
  ...CLIENT_CASES,
  ...LINE_CASES,
];
