import { strict as assert } from "node:assert";
import { QueryPort, type QueryPortOptions } from "../../../src/roles/hev/query_port.ts";
import { OldClient, readToEnd } from "./station.ts";

function listen(options: Partial<QueryPortOptions> = {}): QueryPort {
  return QueryPort.listen({
    ...options,
    address: { hostname: "127.0.0.1", port: 0 },
    answer: (query) =>
      query.type === "refused" ? { reply: "nack", reason: query.reason } : { reply: "ack" },
  });
}

async function send(port: QueryPort, ...pieces: string[]): Promise<string> {
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(port.urls[0] ?? "").port),
  });
  for (const piece of pieces) await conn.write(new TextEncoder().encode(piece));
  return await readToEnd(conn);
}

const REQUEST = '{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":null}';

Deno.test("QueryPort answers one request and no more", async () => {
  await using port = listen();
  assert.equal(await send(port, REQUEST), '{"type": "ack"}');
  assert.equal(await send(port, `${REQUEST}\0`, `${REQUEST}\0`), '{"type": "ack"}\0');
  assert.deepEqual(port.answered, { ack: 2, nack: 0 });
});

Deno.test("QueryPort answers a client that floods it, and lets it read the answer", async () => {
  await using port = listen();
  const flood = "x".repeat(1_000_000);
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(port.urls[0] ?? "").port),
  });
  const writing = conn.write(new TextEncoder().encode(flood)).catch(() => 0);
  assert.equal(await readToEnd(conn), '{"type": "nack"}');
  await writing;
});

Deno.test("QueryPort answers a client that closes its sending side", async () => {
  await using port = listen();
  using client = await OldClient.connect(Number(new URL(port.urls[0] ?? "").port));
  await client.conn.write(new TextEncoder().encode(REQUEST.replace('"cmd"', '"CMD"')));
  await client.conn.closeWrite();
  assert.deepEqual(await client.packet(), { type: "ack" });
});

Deno.test("QueryPort closes a client that leaves half a request behind", async () => {
  await using port = listen();
  using client = await OldClient.connect(Number(new URL(port.urls[0] ?? "").port));
  await client.conn.write(new TextEncoder().encode(REQUEST.slice(0, 20)));
  await client.conn.closeWrite();
  assert.equal(await client.packet(), undefined);
  assert.deepEqual(port.answered, { ack: 0, nack: 0 });
});

Deno.test({
  name: "QueryPort forgets a request whose client was sent away before its NUL was given up",
  // A timer that is left behind would answer it.
  sanitizeOps: true,
  async fn() {
    await using port = listen({ requestMs: 20 });
    assert.equal(await send(port, REQUEST.replace('"cmd"', '"CMD"')), "");
    assert.deepEqual(port.answered, { ack: 0, nack: 0 });
  },
});
