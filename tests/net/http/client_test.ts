import { strict as assert } from "node:assert";
import { exchange, ExchangeError, type ExchangeRequest } from "../../../src/net/http/client.ts";
import { reply, ScriptedServer } from "../../clients/hilbert/server.ts";
import { within } from "../../support/tcp.ts";

function requestTo(port: number, changes: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return { hostname: "127.0.0.1", port, method: "GET", target: "/", timeoutMs: 5_000, ...changes };
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  const error = await within(call.then(() => undefined, (reason: unknown) => reason), "failure");
  assert(error instanceof ExchangeError, String(error));
  return error.kind;
}

Deno.test("exchange sends the target as given and reads any status", async () => {
  await using server = new ScriptedServer(() => reply("gone: ä", 410));
  const target = "/%zz/../x?a&&b=%&c";
  const got = await exchange(requestTo(server.port, { target }));
  assert.deepEqual(got, { status: 410, body: "gone: ä" });
  const [request] = server.requests;
  assert.equal(request?.head.split("\r\n")[0], `GET ${target} HTTP/1.0`);
  assert(request?.head.includes(`\r\nHost: 127.0.0.1:${server.port}\r\n`));
});

Deno.test("exchange sends a body with its type and length", async () => {
  await using server = new ScriptedServer(() => reply(""));
  const body = { type: "text/plain", text: "ä" };
  await exchange(requestTo(server.port, { method: "POST", body }));
  await exchange(requestTo(server.port, { method: "POST" }));
  const [first, second] = server.requests;
  assert.match(first?.head ?? "", /\r\nContent-Type: text\/plain\r\nContent-Length: 2$/);
  assert.equal(first?.body, "\xc3\xa4");
  assert.match(second?.head ?? "", /\r\nContent-Length: 0$/);
});

Deno.test("exchange refuses a target that HTTP cannot carry", async () => {
  for (const target of ["", "/a b", "/ä", "/\r\nX: y"]) {
    await assert.rejects(exchange(requestTo(9, { target })), TypeError);
  }
});

Deno.test("exchange tells a host that does not exist", async () => {
  assert.equal(
    await kindOf(exchange(requestTo(9, { hostname: "no-such-host.invalid" }))),
    "unreachable",
  );
});

Deno.test("exchange ends at its limit while a reply trickles in", async () => {
  await using server = new ScriptedServer(() => "mute");
  assert.equal(await kindOf(exchange(requestTo(server.port, { timeoutMs: 40 }))), "timeout");
});

Deno.test("exchange reaches a server on IPv6", async () => {
  const listener = Deno.listen({ hostname: "::1", port: 0 });
  using _ = listener;
  const served = (async () => {
    const connection = await listener.accept();
    const buffer = new Uint8Array(1_024);
    const count = await connection.read(buffer) ?? 0;
    await connection.write(new TextEncoder().encode(reply("ok")));
    connection.close();
    return new TextDecoder().decode(buffer.subarray(0, count));
  })();
  const { port } = listener.addr;
  const got = await within(exchange(requestTo(port, { hostname: "::1" })), "reply");
  assert.equal(got.body, "ok");
  assert((await served).includes(`\r\nHost: [::1]:${port}\r\n`));
});
