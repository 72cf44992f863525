import { strict as assert } from "node:assert";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import type { ClientStatus } from "../../../src/net/client_status.ts";
import { HilbertError, type HilbertFailure } from "../../../src/clients/hilbert/error.ts";
import { parseHilbertRequest } from "../../../src/wire/hilbert/request.ts";
import { within } from "../../support/tcp.ts";
import { reply, ScriptedServer } from "./server.ts";
import { lastingPort } from "../../support/lasting_port.ts";

const BUSTER = /cache_buster=\d+\.\d{3}$/;

async function assertFailure(call: Promise<unknown>, kind: HilbertFailure): Promise<HilbertError> {
  const error = await within(
    call.then(() => undefined, (reason: unknown) => reason),
    `failure of kind ${kind}`,
  );
  assert(error instanceof HilbertError, String(error));
  assert.equal(error.kind, kind, error.message);
  return error;
}

Deno.test("HilbertClient sends the requests of the Python client", async () => {
  await using server = new ScriptedServer(() => reply("4000"));
  const client = new HilbertClient({ url: server.url, appId: "tetris" });
  assert.equal(await client.init(3000), "4000");
  assert.equal(await client.ping(500), "4000");
  assert.equal(await client.done(), "4000");
  assert.equal(await client.list(), "4000");
  assert.equal(await client.status(), "4000");
  assert.equal(await client.status("tetris"), "4000");
  assert.equal(await client.httpGet("/x?y"), "4000");
  assert.equal(await client.httpPost("/x", { a: "b c" }), "4000");
  const sent = server.requests.map(({ method, target, body }) =>
    [method, target.replace(BUSTER, "cache_buster=T"), body].join(" ").trim()
  );
  assert.deepEqual(sent, [
    "POST /hb_init?3000&appid=tetris&cache_buster=T appid=tetris",
    "GET /hb_ping?500&appid=tetris&cache_buster=T",
    "POST /hb_done?0&appid=tetris&cache_buster=T appid=tetris",
    "GET /list?cache_buster=T",
    "GET /status?cache_buster=T",
    "GET /status?0&appid=tetris&cache_buster=T",
    "GET /x?y",
    "POST /x a=b+c",
  ]);
  assert.match(
    server.requests[0]?.head ?? "",
    /^content-type: application\/x-www-form-urlencoded$/im,
  );
});

Deno.test("HilbertClient makes every character of a name part of the name", async () => {
  await using server = new ScriptedServer(() => reply("4000"));
  const client = new HilbertClient({ url: server.url });
  const names = [
    "my app",
    "a&b",
    "a#b",
    "50%off",
    "%zz",
    "%41",
    "a+b",
    "ä€😀",
    "a?b=c/d",
    "x @ y",
    "",
  ];
  for (const name of names) {
    client.appId = name;
    await client.ping(5);
    await client.status(name);
  }
  const heard = server.targets.map((target) => parseHilbertRequest(target));
  assert.deepEqual(
    heard,
    names.flatMap((name) => [{ command: "ping", delay: 5, name }, { command: "status", name }]),
  );
});

Deno.test("HilbertClient leaves the target of a low-level call as it is", async () => {
  await using server = new ScriptedServer(() => reply(""));
  const client = new HilbertClient({ url: `${server.url}/base` });
  await client.httpGet('/a/../b?%zz%&{}|\\^`"<>ä #x');
  assert.deepEqual(server.targets, ['/base/a/../b?%zz%&{}|\\^`"<>%C3%A4%20%23x']);
});

Deno.test("HilbertClient uses a template URL for init and ping", async () => {
  await using server = new ScriptedServer(() => reply("4000"));
  const url = `${server.url}/heartbeat.html?container=po%20ng&next=%n`;
  const client = new HilbertClient({ url, appId: "tetris" });
  await client.init(3000);
  await client.ping(500.2);
  await client.done();
  await client.list();
  const targets = server.targets.map((target) => target.replace(BUSTER, ""));
  assert.deepEqual(targets, [
    "/heartbeat.html?container=po%20ng&next=3000",
    "/heartbeat.html?container=po%20ng&next=501",
    "/hb_done?0&appid=po%20ng",
    "/list?",
  ]);
});

Deno.test("HilbertClient gives the list in parts too", async () => {
  await using server = new ScriptedServer(() => reply("tetris @ 127.0.0.1\nä @ 10.0.0.1\n"));
  const client = new HilbertClient({ url: server.url });
  assert.deepEqual(await client.listEntries(), [
    { name: "tetris", address: "127.0.0.1" },
    { name: "ä", address: "10.0.0.1" },
  ]);
});

Deno.test("HilbertClient tells a refused connection", async () => {
  const port = lastingPort();
  await assertFailure(new HilbertClient({ port }).ping(5), "refused");
});

Deno.test("HilbertClient tells a status other than 200, and its body", async () => {
  await using server = new ScriptedServer(() => reply("ERROR: x", 400));
  const error = await assertFailure(new HilbertClient({ url: server.url }).ping(5), "status");
  assert.equal(error.status, 400);
  assert.match(error.message, /ERROR: x/);
});

Deno.test("HilbertClient tells a dropped connection", async () => {
  await using server = new ScriptedServer(() => undefined);
  await assertFailure(new HilbertClient({ url: server.url }).ping(5), "dropped");
  server.answer = () => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n4000";
  await assertFailure(new HilbertClient({ url: server.url }).ping(5), "dropped");
});

Deno.test("HilbertClient tells what is not HTTP", async () => {
  await using server = new ScriptedServer(() => "SSH-2.0-OpenSSH\r\n\r\n");
  await assertFailure(new HilbertClient({ url: server.url }).ping(5), "protocol");
});

Deno.test("HilbertClient gives up on a mute server when its time is over", async () => {
  await using server = new ScriptedServer(() => "mute");
  const client = new HilbertClient({ url: server.url, timeoutMs: 50 });
  await assertFailure(client.ping(5), "timeout");
  await assertFailure(client.ping(5, { timeoutMs: 20 }), "timeout");
});

Deno.test("HilbertClient gives up when told to", async () => {
  await using server = new ScriptedServer(() => "mute");
  const controller = new AbortController();
  const call = assertFailure(
    new HilbertClient({ url: server.url }).ping(5, { signal: controller.signal }),
    "aborted",
  );
  await within(server.requests.length > 0 ? Promise.resolve() : server.received(1), "request");
  controller.abort(new Error("enough"));
  const error = await call;
  assert.equal(((error.cause as Error).cause as Error).message, "enough");
  const again = new HilbertClient({ url: server.url, signal: controller.signal });
  await assertFailure(again.ping(5), "aborted");
});

Deno.test("HilbertClient tells wrong settings with the call, not before", async () => {
  await assertFailure(new HilbertClient({ url: "ftp://127.0.0.1:8888" }).list(), "settings");
  await assertFailure(new HilbertClient().ping(NaN), "settings");
  await assertFailure(new HilbertClient({ timeoutMs: 0 }).ping(5), "settings");
});

Deno.test("HilbertClient resolves to errorReturnValue as text if it is given", async () => {
  const port = lastingPort();
  const reports: ClientStatus<HilbertError>[] = [];
  const onStatus = (status: ClientStatus<HilbertError>) => reports.push(status);
  const client = new HilbertClient({ port, errorReturnValue: -1, onStatus });
  assert.equal(await client.ping(5), "-1");
  assert.equal(await client.status("x", { errorReturnValue: "ups" }), "ups");
  assert.equal(await client.done(0, { errorReturnValue: "" }), "");
  await assertFailure(client.list({ errorReturnValue: null }), "refused");
  await assertFailure(client.listEntries(), "refused");
  assert.deepEqual(
    reports.map((report) => report.type === "up" ? "up" : `${report.type} ${report.error.kind}`),
    ["down refused", ...Array(4).fill("failed refused")],
  );
});

Deno.test("HilbertClient ends its beats, then its calls, when it is closed", async () => {
  await using server = new ScriptedServer(({ target }) =>
    target.startsWith("/list") ? "mute" : reply("6000")
  );
  const client = new HilbertClient({ url: server.url, timeoutMs: 60_000 });
  const beat = client.beat({ delayMs: 5_000 });
  await within(server.received(1), "a ping");
  const call = client.list();
  await within(server.received(2), "a question");
  await within(client.close(), "the end");
  await within(beat.finished, "the end of the beat");
  assert.match(server.requests.at(-1)?.target ?? "", /^\/hb_done/);
  await assertFailure(call, "aborted");
  await assertFailure(client.ping(5), "aborted");
  await within(client.beat({ delayMs: 5 }).finished, "the end of a late beat");
});
