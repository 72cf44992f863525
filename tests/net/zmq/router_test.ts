import { strict as assert } from "node:assert";
import { ZmqDealer } from "../../../src/clients/zmq/dealer.ts";
import { type ZmqReply, ZmqRouter } from "../../../src/net/zmq/router.ts";
import { ZmqServer } from "../../../src/net/zmq/server.ts";
import { until, within } from "../../support/tcp.ts";

Deno.test("ZmqRouter tells of a reply that is no message, and answers the next request", async () => {
  for (const way of ["at once", "later"]) {
    const faults: unknown[] = [];
    let asked = 0;
    const router = new ZmqRouter({
      onRequest: (request) => {
        const reply = (asked++ === 0 ? [42] : request) as ZmqReply;
        return way === "later" ? Promise.resolve(reply) : reply;
      },
      onError: (error) => faults.push(error),
    });
    await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
    await using _ = router;
    await using dealer = new ZmqDealer(server.url);
    dealer.send(["", "first"]);
    dealer.send(["", "second"]);
    const { value } = await within(dealer[Symbol.asyncIterator]().next(), "the second is answered");
    assert.equal(new TextDecoder().decode((value as Uint8Array[]).at(-1)), "second");
    assert.equal(faults.length, 1, way);
  }
});

Deno.test("ZmqRouter outlives requests that fail after their peer was too much", async () => {
  const faults: unknown[] = [];
  const { promise: never, reject } = Promise.withResolvers<ZmqReply>();
  let asked = 0;
  const router = new ZmqRouter({
    onRequest: () => {
      asked++;
      return never.then((reply) => reply);
    },
    onError: (error) => faults.push(error),
  });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
  await using _ = router;
  await using dealer = new ZmqDealer(server.url, { limits: { reconnectMs: Infinity } });
  await until(() => dealer.isConnected, "it is there");
  while (dealer.isConnected && asked < 1_100) {
    dealer.send(["", "x"]);
    await new Promise((done) => setImmediate(done));
  }
  await until(() => !dealer.isConnected, "the peer is ended");
  reject(new Error("too late"));
  await until(() => faults.length === asked, "each fault is told, and none ends the program");
  assert.ok(asked > 1_000);
});
