import { strict as assert } from "node:assert";
import {
  ZmqDealer,
  type ZmqReply,
  ZmqReq,
  ZmqRouter,
  ZmqServer,
  ZmqSub,
  ZmqXPub,
} from "../../../mod.ts";
import { sleep } from "../../../src/net/sleep.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { until, within } from "../../support/tcp.ts";
import { server } from "../../wire/zmq/identities.ts";

const decoder = new TextDecoder();

Deno.test("ZmqSub keeps a topic until it was unsubscribed as often as subscribed", async () => {
  const demands: string[] = [];
  const xpub = new ZmqXPub({
    onDemand: (action, topic) => demands.push(`${action} ${decoder.decode(topic)}`),
  });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", xpub);
  await using _xpub = xpub;
  await using sub = new ZmqSub(server.url, { topics: ["a", "a"] });
  await within(sub.connected(), "connected");
  sub.subscribe("a");
  sub.unsubscribe("a");
  sub.unsubscribe("a");
  sub.subscribe("b");
  await until(() => demands.includes("subscribe b"), "the server knows");
  assert.deepEqual(demands, ["subscribe a", "subscribe b"]);
  sub.unsubscribe("a");
  sub.unsubscribe("never");
  await until(() => demands.length === 3, "the last one counts");
  assert.equal(demands[2], "cancel a");
});

for (const transport of ["tcp", "ws"]) {
  for (const way of ["timeout", "aborted"] as const) {
    Deno.test(`ZmqReq asks again right after ${way} (${transport})`, async () => {
      let lost = 0;
      const router = new ZmqRouter({
        onRequest: (request): ZmqReply | Promise<ZmqReply> => {
          if (decoder.decode(request[0]) !== "lost") return request;
          lost++;
          return new Promise<ZmqReply>(() => undefined);
        },
      });
      await using server = ZmqServer.listen(`${transport}://127.0.0.1:0`, router);
      await using _router = router;
      await using req = new ZmqReq(server.url);
      for (let round = 1; round <= 5; round++) {
        const ending = new AbortController();
        // Listened to at once: on a slow machine the time is over before the server was asked.
        const refused = assert.rejects(
          req.request(["lost"], {
            timeoutMs: way === "timeout" ? 60 : Infinity,
            signal: ending.signal,
          }),
          { kind: way },
        );
        if (way === "aborted") {
          await until(() => lost === round, "the first was asked");
          ending.abort();
        }
        await refused;
        const [reply] = await within(req.request(["again"]), "the retry is answered");
        assert.equal(decoder.decode(reply), "again");
      }
    });
  }
}

Deno.test("ZmqDealer that is closed at once delivers what it was given", async () => {
  const heard: string[] = [];
  const router = new ZmqRouter({
    onRequest: ([frame]) => {
      heard.push(decoder.decode(frame));
      return undefined;
    },
  });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
  await using _router = router;
  const dealer = new ZmqDealer(server.url);
  for (let index = 0; index < 500; index++) dealer.send([String(index)]);
  await within(dealer.close(), "the dealer ends");
  await until(() => heard.length === 500, "all are heard");
  assert.equal(dealer.dropped, 0);
});

Deno.test("ZmqDealer counts what nobody took", async () => {
  const absent = new ZmqDealer("tcp://127.0.0.1:1");
  for (let index = 0; index < 7; index++) absent.send(["x"]);
  await within(absent.close(), "the dealer ends");
  assert.equal(absent.dropped, 7);
  assert.equal(absent.send(["late"]), "closed");
});

Deno.test("ZmqDealer counts the tail of a backlog that is too large", async () => {
  let received = 0;
  const router = new ZmqRouter({ onRequest: () => (received++, undefined) });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
  await using _router = router;
  const limits = { unsentBytes: 100_000 };
  const dealer = new ZmqDealer(server.url, { limits });
  const frame = new Uint8Array(1_000);
  let sent = 0;
  for (let index = 0; index < 1_000; index++) if (dealer.send([frame]) === "sent") sent++;
  await within(dealer.close(), "the dealer ends");
  await until(() => received + dealer.dropped === 1_000, "received and dropped are all");
  assert.equal(sent, 1_000);
  assert.ok(dealer.dropped > 0);
});

Deno.test("messages without frames are refused by every socket", async () => {
  await using xpub = new ZmqXPub();
  assert.throws(() => xpub.publish([]), RangeError);
  await using dealer = new ZmqDealer("tcp://127.0.0.1:1");
  assert.throws(() => dealer.send([]), RangeError);
  await using req = new ZmqReq("tcp://127.0.0.1:1");
  await assert.rejects(req.request([]), RangeError);
});

for (const heartbeatMs of [0, Infinity]) {
  Deno.test(`ZmqSub asks nobody for signs of life with a heartbeat of ${heartbeatMs} ms`, async () => {
    const xpub = new ZmqXPub({ limits: { heartbeatMs } });
    await using server = ZmqServer.listen("tcp://127.0.0.1:0", xpub);
    await using _xpub = xpub;
    await using sub = new ZmqSub(server.url, { limits: { heartbeatMs } });
    await within(sub.connected(), "connected");
    await sleep(30);
    assert.equal(sub.isConnected, true);
    assert.equal(sub.connects, 1);
  });
}

Deno.test("ZmqDealer counts what it had sent and the other end never took", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dealer = new ZmqDealer(`tcp://127.0.0.1:${listener.addr.port}`, {
    limits: { unsentBytes: Infinity },
  });
  using conn = await listener.accept();
  const engine = new ZmtpEngine(server("ROUTER"));
  await conn.write(engine.open());
  await until(() => dealer.isConnected, "connected");
  // More than the system keeps for a reader that does not read.
  const frame = new Uint8Array(200_000);
  const sent = 200;
  for (let index = 0; index < sent; index++) assert.equal(dealer.send([frame]), "sent");
  await within(dealer.close(), "the dealer ends");
  assert.ok(dealer.dropped > 0);
  let taken = 0;
  for (;;) {
    const count = await conn.read(engine.space());
    if (count === null) break;
    engine.commit(count);
    for (let event = engine.next(); event !== undefined; event = engine.next()) {
      if (event.kind === "message") taken++;
    }
  }
  assert.equal(taken + dealer.dropped, sent, "each was taken, or is counted");
});

Deno.test("ZmqReq connects anew after a timeout at once, and calls that no failure", async () => {
  let asked = 0;
  const router = new ZmqRouter({
    onRequest: (request): ZmqReply => asked++ === 0 ? undefined : request,
  });
  await using bound = ZmqServer.listen("tcp://127.0.0.1:0", router);
  await using _ = router;
  const failures: string[] = [];
  await using req = new ZmqReq(bound.url, {
    limits: { reconnectMs: 3_600_000, reconnectMsMax: 3_600_000 },
    onStatus: (status) => status.type !== "up" && failures.push(status.error.message),
  });
  await assert.rejects(req.request(["lost"], { timeoutMs: 50 }), { kind: "timeout" });
  const [reply] = await within(req.request(["again"]), "the retry is answered without a pause");
  assert.equal(decoder.decode(reply), "again");
  assert.deepEqual(failures, []);
});
