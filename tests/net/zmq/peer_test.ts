import { strict as assert } from "node:assert";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import { UNASKED_BYTES_MAX } from "../../../src/net/tcp/unasked_bytes.ts";
import { encodeFrame, maskFrames, OPCODE } from "../../../src/wire/websocket/frame.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { ZwsEngine } from "../../../src/wire/zws/engine.ts";
import { ZmqHost } from "../../interop/zmq_host.ts";
import { RawClient, within } from "../../support/tcp.ts";
import { client } from "../../wire/zmq/identities.ts";
import { toHex } from "../../wire/zmq/transcript.ts";
import { REFUSED as REFUSED_ZMTP } from "../../wire/zmtp/cases.ts";
import { REFUSED as REFUSED_ZWS } from "../../wire/zws/cases.ts";
import { RawPeer } from "./raw.ts";

const UPGRADE = { path: "/zmq/sub", subprotocol: "ZWS2.0/NULL" };

const subEngine = () => new ZmtpEngine(client("SUB"));
const wsEngine = () => new ZwsEngine({ identity: client("SUB"), subprotocol: "ZWS2.0/NULL" });

/** A subscriber that does everything right, to see that others do it no harm. */
async function goodSubscriber(host: ZmqHost): Promise<ZmqSub> {
  const sub = new ZmqSub(host.url("sub", "tcp"), { topics: ["good"] });
  await within(host.subscribed("good"), "the good subscription comes");
  return sub;
}

async function assertUnharmed(host: ZmqHost, sub: ZmqSub): Promise<void> {
  host.intermediary.publish(["good", "x"]);
  const { value } = await within(sub[Symbol.asyncIterator]().next(), "the good subscriber hears");
  assert.equal(value?.length, 2);
  assert.equal(sub.connects, 1);
}

Deno.test("ZmqPeer closes only the peer that breaks ZMTP", async () => {
  await using host = new ZmqHost();
  await using good = await goodSubscriber(host);
  const cases = REFUSED_ZMTP.filter(({ us }) =>
    us.socketType === "XPUB" && us.mechanism.name === "NULL"
  );
  assert(cases.length > 8);
  for (const { name, bytes } of cases) {
    using peer = await RawClient.connect({ hostname: "127.0.0.1", port: host.ports[1] ?? 0 });
    await peer.conn.write(bytes);
    await within(peer.hearAll(), `it is closed: ${name}`);
  }
  assert.equal(host.violations.length, cases.length);
  await assertUnharmed(host, good);
});

Deno.test("ZmqPeer closes only the peer that breaks ZWS", async () => {
  await using host = new ZmqHost();
  await using good = await goodSubscriber(host);
  const cases = REFUSED_ZWS.filter(({ us }) =>
    us.identity.socketType === "XPUB" && us.subprotocol === "ZWS2.0/NULL"
  );
  assert(cases.length > 8);
  for (const { name, bytes, events } of cases) {
    using peer = await RawPeer.connect(host.ports[2], wsEngine(), UPGRADE);
    await peer.say(bytes);
    let last = "";
    for (let line = ""; line !== "end"; line = await peer.hear()) last = line;
    // Whoever is closed is told why, with the code that its fault has.
    const code = Number(/\((\d+)\)$/.exec(events.at(-1) ?? "")?.[1]);
    assert.equal(
      last,
      `goodbye ${toHex(Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, code >> 8, code & 0xff))}`,
      name,
    );
  }
  assert.equal(host.violations.length, cases.length);
  await assertUnharmed(host, good);
});

Deno.test("ZmqXPub ends a peer that floods instead of listening", async () => {
  await using host = new ZmqHost();
  await using good = await goodSubscriber(host);
  const engine = new ZmtpEngine(client("XSUB"));
  using flooding = await RawPeer.connect(host.ports[1], engine);
  await flooding.say(engine.open());
  for (let line = ""; !line.startsWith("ready"); line = await flooding.hear());
  const message = engine.encoder.encodeMessage([new Uint8Array(1_000).fill(9)]);
  const sayAll = async () => {
    for (;;) await flooding.say(message);
  };
  await assert.rejects(within(sayAll(), "it is ended"), /reset|Broken pipe/);
  const sent = host.intermediary.xpub.counters.received * 1_000;
  assert(sent > UNASKED_BYTES_MAX && sent < 2 * UNASKED_BYTES_MAX, `${sent} bytes`);
  await assertUnharmed(host, good);
});

/** Waits for an end that a limit brings: not before it, and long before any other limit. */
async function endsAfter(limitMs: number, end: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await end();
  const tookMs = performance.now() - started;
  // The cheap clock may be 20 ms behind when a deadline is set.
  assert(tookMs >= limitMs - 25, `it ended early: ${tookMs} ms of ${limitMs}`);
  assert(tookMs < limitMs + 2_000, `it ended late: ${tookMs} ms of ${limitMs}`);
}

Deno.test("ZmqPeer gives a handshake its time and no more", async () => {
  const handshakeMs = 150;
  await using host = new ZmqHost({ limits: { handshakeMs } });
  await endsAfter(handshakeMs, async () => {
    using silent = await RawClient.connect({ hostname: "127.0.0.1", port: host.ports[1] ?? 0 });
    assert.equal((await silent.hearAll()).length, 64 + 28);
  });
  await endsAfter(handshakeMs, async () => {
    using half = await RawClient.connect({ hostname: "127.0.0.1", port: host.ports[1] ?? 0 });
    await half.say("\xff\0\0\0");
    await half.hearAll();
  });
  await endsAfter(handshakeMs, async () => {
    using idle = await RawPeer.connect(host.ports[2], wsEngine(), UPGRADE);
    assert.match(await idle.hear(), /^ready XPUB/);
    assert.equal(await idle.hear(), "end");
  });
});

Deno.test("ZmqPeer closes a peer whose own time is over", async () => {
  await using host = new ZmqHost();
  using peer = await RawPeer.connect(host.ports[1], subEngine());
  await peer.say(subEngine().open());
  assert.match(await peer.hear(), /^ready XPUB/);
  // PING with a time of 0.2 s.
  await endsAfter(200, async () => {
    await peer.say(Uint8Array.of(4, 7, 4, 0x50, 0x49, 0x4e, 0x47, 0, 2));
    assert.equal(await peer.hear(), "end");
  });
});

Deno.test("ZmqPeer asks a silent peer for a sign of life and then gives it up", async () => {
  const heartbeatMs = 60;
  await using host = new ZmqHost({ limits: { heartbeatMs } });
  using peer = await RawPeer.connect(host.ports[2], wsEngine(), UPGRADE);
  await endsAfter(3 * heartbeatMs, async () => {
    await peer.say(wsEngine().open());
    assert.match(await peer.hear(), /^ready XPUB/);
    assert.match(await peer.hear(), /^send 8a/);
    for (let line = ""; line !== "end";) line = await peer.hear();
  });
  await using answering = new ZmqSub(host.url("sub", "ws"), { topics: ["good"] });
  await within(host.subscribed("good"), "the subscription comes");
  using plain = await RawPeer.connect(
    host.ports[2],
    new ZwsEngine({ identity: client("SUB"), subprotocol: "ZWS2.0" }),
    { path: "/sub", subprotocol: "ZWS2.0" },
  );
  await plain.say(maskFrames(encodeFrame(OPCODE.binary, Uint8Array.of(0)), () => 1));
  assert.match(await plain.hear(), /^ready/);
  // Plain ZWS 2.0 need not answer: more pings than anybody else would get.
  for (let pings = 0; pings < 5; pings++) assert.match(await plain.hear(), /^send 8a/);
  assert.equal(answering.connects, 1);
});

Deno.test("ZmqPeer drops whole messages for a subscriber that never reads, for it alone", async () => {
  const unsentBytes = 262_144;
  await using host = new ZmqHost({ limits: { unsentBytes } });
  await using good = await goodSubscriber(host);
  using stuck = await RawPeer.connect(host.ports[2], wsEngine(), UPGRADE);
  await stuck.say(wsEngine().open());
  await stuck.say(maskFrames(encodeFrame(OPCODE.binary, Uint8Array.of(0, 1)), () => 1));
  await within(host.subscribed(""), "the stuck subscription comes");
  const payload = new Uint8Array(10_000).fill(1);
  for (let batch = 0; batch < 200; batch++) {
    for (let index = 0; index < 10; index++) host.intermediary.publish(["other", payload]);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert(host.intermediary.counters.dropped > 100, "messages are dropped and counted");
  await assertUnharmed(host, good);
  // What does arrive is whole.
  let messages = 0;
  for (let line = await stuck.hear(); messages < 20; line = await stuck.hear()) {
    if (!line.startsWith("message")) continue;
    assert.match(line, /^message \["other","(\\u0001){10000}"\]$/);
    messages++;
  }
});

Deno.test("ZmqPeer disconnects a subscriber that subscribes too much", async () => {
  await using host = new ZmqHost({ limits: { subscriptionsMax: 10 } });
  using peer = await RawPeer.connect(host.ports[1], subEngine());
  await peer.say(subEngine().open());
  assert.match(await peer.hear(), /^ready XPUB/);
  for (let topic = 0; topic < 11; topic++) await peer.say(Uint8Array.of(0, 2, 1, topic));
  assert.equal(await peer.hear(), "end");
  using web = await RawPeer.connect(host.ports[2], wsEngine(), UPGRADE);
  await web.say(wsEngine().open());
  for (let topic = 0; topic < 11; topic++) {
    await web.say(wsEngine().encodeSubscribe(Uint8Array.of(topic)));
  }
  assert.match(await web.hear(), /^ready XPUB/);
  assert.equal(
    await web.hear(),
    `goodbye ${toHex(Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 3, 0xf0))}`,
  );
  const refusal = "Cannot take subscription: the peer has too many";
  assert.deepEqual(host.violations, [refusal, refusal]);
});

Deno.test("upgrades at wrong doors and in wrong dialects are refused", async () => {
  await using host = new ZmqHost();
  const upgrade = async (path: string, fields: string) => {
    using peer = await RawClient.connect({ hostname: "127.0.0.1", port: host.ports[2] ?? 0 });
    await peer.say(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n${fields}\r\n\r\n`);
    return (await peer.hear("\r\n")).trim();
  };
  const ws =
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==";
  const zws = `${ws}\r\nSec-WebSocket-Protocol: ZWS2.0`;
  assert.equal(await upgrade("/sub?x=/y", zws), "HTTP/1.1 101 Switching Protocols");
  assert.equal(await upgrade("/other", zws), "HTTP/1.1 404 Not Found");
  assert.equal(await upgrade("/zmq/sub", ws), "HTTP/1.1 400 Bad Request");
  assert.equal(
    await upgrade("/zmq/sub", `${ws}\r\nSec-WebSocket-Protocol: ZWS1.0`),
    "HTTP/1.1 400 Bad Request",
  );
  assert.equal(await upgrade("/zmq/sub", zws.replace("13", "8")), "HTTP/1.1 426 Upgrade Required");
});
