import { strict as assert } from "node:assert";
import { HttpServer, type HttpServerOptions } from "../../../src/net/http/server.ts";
import { ReplyTemplate } from "../../../src/wire/http1/reply_template.ts";
import { RawClient, within } from "../../support/tcp.ts";

const PLAIN = new ReplyTemplate({ status: 200, headers: { "Content-Type": "text/plain" } });

/** A server on a free port that answers `/fast…` on the fast path. */
function serve(options: Partial<HttpServerOptions> = {}): {
  server: HttpServer;
  address: { hostname: string; port: number };
} {
  const server = HttpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    fast: ({ target }) =>
      target.startsWith("/fast") ? { template: PLAIN, body: "1500" } : undefined,
    ...options,
  });
  const [address] = server.addresses;
  assert(address !== undefined);
  return { server, address };
}

const get = (target: string, ...fields: string[]): string =>
  `GET ${target} HTTP/1.1\r\n${["Host: station", ...fields].join("\r\n")}\r\n\r\n`;

Deno.test("HttpServer answers the fast path and keeps the connection", async () => {
  const { server, address } = serve();
  await using _ = server;
  using client = await RawClient.connect(address);
  for (let count = 0; count < 3; count++) {
    await client.say(get("/fast?3000&appid=50%off"));
    const reply = await client.hear("\r\n\r\n1500");
    assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(reply, /\r\nContent-Length: 4\r\n/);
    assert.match(reply, /\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    assert.doesNotMatch(reply, /Connection/i);
  }
  assert.equal(server.connections, 1);
});

Deno.test("HttpServer answers pipelined requests in order", async () => {
  const { server, address } = serve({
    fast: ({ target }) => ({ template: PLAIN, body: target }),
  });
  await using _ = server;
  using client = await RawClient.connect(address);
  const targets = Array.from({ length: 100 }, (_, index) => `/${index}`);
  await client.sayLast(targets.map((target) => get(target)).join(""));
  const heard = await client.hearAll();
  const bodies = [...heard.matchAll(/\r\n\r\n(\/\d+)/g)].map((match) => match[1]);
  assert.deepEqual(bodies, targets);
});

Deno.test("HttpServer serves HTTP/1.0 without Host and ends the connection", async () => {
  const { server, address } = serve();
  await using _ = server;
  using client = await RawClient.connect(address);
  await client.say("GET /fast HTTP/1.0\r\n\r\n");
  const reply = await client.hearAll();
  assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(reply, /\r\nConnection: close\r\n/);
  assert.match(reply, /\r\n\r\n1500$/);
});

Deno.test("HttpServer keeps HTTP/1.0 connections whose client asks for it", async () => {
  const { server, address } = serve();
  await using _ = server;
  using client = await RawClient.connect(address);
  for (let count = 0; count < 2; count++) {
    await client.say("GET /fast HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    assert.match(await client.hear("1500"), /\r\nConnection: keep-alive\r\n/);
  }
});

Deno.test("HttpServer hands requests to fetch and streams bodies both ways", async () => {
  const { server, address } = serve({ fetch: (request) => new Response(request.body) });
  await using _ = server;
  const body = crypto.getRandomValues(new Uint8Array(60_000));
  const url = `http://127.0.0.1:${address.port}/echo`;
  const whole = await fetch(url, { method: "POST", body });
  assert.deepEqual(await whole.bytes(), body);
  const parts = ReadableStream.from([body.slice(0, 1), body.slice(1, 40_000), body.slice(40_000)]);
  const chunked = await fetch(url, { method: "POST", body: parts });
  assert.deepEqual(await chunked.bytes(), body);
});

Deno.test("HttpServer answers a violation and ends the connection", async () => {
  const { server, address } = serve();
  await using _ = server;
  using client = await RawClient.connect(address);
  await client.say("POST /fast HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n");
  const reply = await client.hearAll();
  assert.match(reply, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(reply, /\r\nConnection: close\r\n/);
  client.close();
});

Deno.test("HttpServer reports a fault of the handler and tells the peer nothing of it", async () => {
  const faults: unknown[] = [];
  const { server, address } = serve({
    fetch: () => {
      throw new Error("the password is swordfish");
    },
    onError: (error) => faults.push(error),
  });
  await using _ = server;
  using client = await RawClient.connect(address);
  await client.say(get("/boom"));
  const reply = await client.hear("fault\n");
  assert.match(reply, /^HTTP\/1\.1 500 /);
  assert.doesNotMatch(reply, /swordfish/);
  assert.equal(faults.length, 1);
  // The connection is still good.
  await client.say(get("/fast"));
  await client.hear("1500");
});

Deno.test("HttpServer closes while a peer is connected", async () => {
  const { server, address } = serve();
  using client = await RawClient.connect(address);
  await client.say(get("/fast"));
  await client.hear("1500");
  await within(server.close(), "server closes");
  assert.equal(await client.hearAll(), "");
  await server.close();
});
