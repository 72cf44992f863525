import { strict as assert } from "node:assert";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import { paceMs } from "../../../src/clients/hilbert/beat.ts";
import { within } from "../../support/tcp.ts";
import { reply, ScriptedServer } from "./server.ts";

function commandsOf(server: ScriptedServer): string[] {
  return server.targets.map((target) => /\/(\w+)\?(\d+)/.exec(target)?.slice(1, 3).join(" ") ?? "");
}

Deno.test("paceMs takes 95 % of the reply, rounded down to 10 ms", () => {
  assert.equal(paceMs("6000", 5_000), 5_700);
  assert.equal(paceMs("1000", 0), 950);
  assert.equal(paceMs("1011", 11), 960);
});

Deno.test("paceMs falls back to the announced delay if the reply makes no sense", () => {
  for (const text of ["", "dead", "0", "4.5", "6", "4999", "-9000"]) {
    assert.equal(paceMs(text, 5_000), 5_000, text);
  }
});

Deno.test("paceMs stays within its bounds", () => {
  assert.equal(paceMs("1", 0), 100);
  assert.equal(paceMs("999999999999999", 5), 86_400_000);
});

Deno.test("Beat sends init, pings at the pace of the server, and done", async () => {
  await using server = new ScriptedServer(() => reply("120"));
  const replies: string[] = [];
  const client = new HilbertClient({ url: server.url, appId: "tetris" });
  const startedAt = performance.now();
  {
    await using beat = client.beat({
      delayMs: 20,
      startMs: 10_000,
      onReply: (text) => replies.push(text),
    });
    await within(server.received(4), "three pings");
    assert(performance.now() - startedAt >= 200, "two pauses of at least 100 ms");
    await within(beat.close(), "close");
    assert.equal(beat.failures, 0);
  }
  assert.deepEqual(commandsOf(server), [
    "hb_init 10000",
    "hb_ping 20",
    "hb_ping 20",
    "hb_ping 20",
    "hb_done 0",
  ]);
  assert.equal(replies.length, 5);
});

Deno.test("Beat goes on while the server is away, and when it is back", async () => {
  const port = await (async () => {
    await using server = new ScriptedServer(() => undefined);
    return server.port;
  })();
  const client = new HilbertClient({ port, appId: "tetris" });
  const failed = Promise.withResolvers<void>();
  await using beat = client.beat({
    delayMs: 50,
    backoffMsMax: 100,
    onStatus: (status) => {
      if (status.type === "up") return;
      assert.equal(status.error.kind, "refused");
      failed.resolve();
    },
  });
  await within(failed.promise, "failure");
  assert(beat.failures > 0);
  await using server = new ScriptedServer(() => reply("1050"), port);
  await within(server.received(1), "ping after the return");
  await within(beat.close(), "close");
  assert.equal(commandsOf(server).at(-1), "hb_done 0");
});

Deno.test("Beat does not hurry when a server answers nonsense", async () => {
  await using server = new ScriptedServer(() => reply("nonsense"));
  const client = new HilbertClient({ url: server.url });
  await using beat = client.beat({ delayMs: 60_000 });
  await within(server.received(1), "first ping");
  await within(beat.close(), "close");
  assert.deepEqual(commandsOf(server), ["hb_ping 60000", "hb_done 0"]);
});

Deno.test("Beat ends with its signal, without done if so wished", async () => {
  await using server = new ScriptedServer(() => "mute");
  const controller = new AbortController();
  const client = new HilbertClient({ url: server.url });
  const { signal } = controller;
  const beat = client.beat({ delayMs: 50, signal, farewell: "none" });
  await within(server.received(1), "ping");
  controller.abort();
  await within(beat.finished, "end");
  assert.equal(server.requests.length, 1);
  assert.equal(beat.failures, 0);
  const late = client.beat({ delayMs: 50, signal, farewell: "none" });
  await within(late.finished, "end of one that was never to start");
  assert.equal(server.requests.length, 1);
});

Deno.test("Beat survives hooks that throw, and an errorReturnValue of its client", async () => {
  await using server = new ScriptedServer(({ target }) =>
    target.includes("done") ? undefined : reply("1")
  );
  const client = new HilbertClient({ url: server.url, errorReturnValue: "6000" });
  const hook = (): never => {
    throw new Error("the log is full");
  };
  const beat = client.beat({ delayMs: 1, onReply: hook, onStatus: hook });
  await within(server.received(2), "two pings");
  await within(beat.close(), "close");
  assert.equal(beat.failures, 1);
});

Deno.test("Beat waits for the ping under way before it sends done", async () => {
  const order: string[] = [];
  await using server = new ScriptedServer(({ target }) => {
    order.push(target.slice(1, 8));
    return reply("6000");
  });
  const client = new HilbertClient({ url: server.url });
  const beat = client.beat({ delayMs: 5_000, onReply: () => order.push("reply") });
  await within(beat.close(), "close");
  assert.deepEqual(order, ["hb_ping", "reply", "hb_done", "reply"]);
});
