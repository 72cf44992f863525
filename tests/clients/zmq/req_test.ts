import { strict as assert } from "node:assert";
import { ZmqError } from "../../../src/net/zmq/error.ts";
import { ZmqReq } from "../../../src/clients/zmq/req.ts";
import { type ZmqReply, ZmqRouter } from "../../../src/net/zmq/router.ts";
import { ZmqServer } from "../../../src/net/zmq/server.ts";
import { within } from "../../support/tcp.ts";

const text = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => new TextDecoder().decode(frame)).join("|");

function kindOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => "answered", (error) => error instanceof ZmqError ? error.kind : "?");
}

for (const url of ["tcp://127.0.0.1:0", "ws://127.0.0.1:0/req"]) {
  Deno.test(`ZmqReq asks one after the other at ${url}`, async () => {
    await using router = new ZmqRouter({ onRequest: (request) => Promise.resolve(request) });
    await using server = ZmqServer.listen(url, router);
    await using req = new ZmqReq(server.url);
    const replies = await Promise.all(["a", "b", "c"].map((word) => req.request([word, ""])));
    assert.deepEqual(replies.map(text), ["a|", "b|", "c|"]);
  });

  Deno.test(`ZmqReq asks again right after it gave up at ${url}`, async () => {
    await using router = new ZmqRouter({
      onRequest: (request) => text(request) === "lost" ? undefined : request,
    });
    await using server = ZmqServer.listen(url, router);
    await using req = new ZmqReq(server.url);
    // In the very turn in which the connection is given up, which it does not know of yet.
    const again = () => req.request(["again"]);
    const late = req.request(["lost"], { timeoutMs: 50 }).catch(again);
    assert.equal(text(await within(late, "an answer after a timeout")), "again");
    const controller = new AbortController();
    const aborted = req.request(["lost"], { signal: controller.signal }).catch(again);
    controller.abort();
    assert.equal(text(await within(aborted, "an answer after an abort")), "again");
  });

  Deno.test(`ZmqReq takes no late answer for another's at ${url}`, async () => {
    const late = Promise.withResolvers<ZmqReply>();
    await using router = new ZmqRouter({
      onRequest: (request) => text(request) === "slow" ? late.promise : request,
    });
    await using server = ZmqServer.listen(url, router);
    await using req = new ZmqReq(server.url);
    const slow = kindOf(req.request(["slow"], { timeoutMs: 100 }));
    const next = req.request(["next"]);
    assert.equal(await slow, "timeout");
    late.resolve(["slow answer"]);
    assert.equal(text(await next), "next");
  });
}

Deno.test("ZmqReq says why there is no answer", async () => {
  const asked = Promise.withResolvers<void>();
  await using router = new ZmqRouter({
    onRequest: () => {
      asked.resolve();
      return undefined;
    },
  });
  const server = ZmqServer.listen("tcp://127.0.0.1:0", router);
  const req = new ZmqReq(server.url);
  const controller = new AbortController();
  const aborted = kindOf(req.request(["a"], { signal: controller.signal }));
  controller.abort();
  assert.equal(await aborted, "aborted");
  assert.equal(await kindOf(req.request(["a"], { signal: controller.signal })), "aborted");
  const dropped = kindOf(req.request(["b"]));
  await within(asked.promise, "the request comes");
  await router.close();
  assert.equal(await dropped, "dropped");
  const closed = kindOf(req.request(["c"]));
  await server.close();
  await req.close();
  assert.equal(await closed, "closed");
  assert.equal(await kindOf(req.request(["d"])), "closed");
  await assert.rejects(req.request([]), /Cannot send message: it has no frames/);
});

Deno.test("ZmqRouter answers each peer in the order of its requests, and survives faults", async () => {
  const faults: unknown[] = [];
  const first = Promise.withResolvers<ZmqReply>();
  await using router = new ZmqRouter({
    onRequest: (request) => {
      if (text(request) === "boom") throw new Error("boom");
      if (text(request) === "reject") return Promise.reject(new Error("reject"));
      return text(request) === "first" ? first.promise : request;
    },
    onError: (error) => faults.push(error),
  });
  await using server = ZmqServer.listen("tcp://127.0.0.1:0", router);
  const { ZmqDealer } = await import("../../../src/clients/zmq/dealer.ts");
  await using dealer = new ZmqDealer(server.url);
  for (const word of ["boom", "reject", "first", "second"]) dealer.send([word]);
  const messages = dealer[Symbol.asyncIterator]();
  const answer = within(messages.next(), "an answer comes");
  first.resolve(["first"]);
  assert.equal(text((await answer).value ?? []), "first");
  assert.equal(text((await within(messages.next(), "the other comes")).value ?? []), "second");
  assert.equal(faults.length, 2);
});
