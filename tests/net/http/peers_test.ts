import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers";
import { HttpServer, type HttpServerOptions } from "../../../src/net/http/server.ts";
import { ReplyTemplate } from "../../../src/wire/http1/reply_template.ts";
import { RawClient, until, within } from "../../support/tcp.ts";
import { CASES } from "../../wire/http1/cases.ts";

const PLAIN = new ReplyTemplate({ status: 200, headers: { "Content-Type": "text/plain" } });
const get = (target: string, ...fields: string[]): string =>
  `GET ${target} HTTP/1.1\r\n${["Host: station", ...fields].join("\r\n")}\r\n\r\n`;
const post = (target: string, ...fields: string[]): string =>
  get(target, ...fields).replace("GET", "POST");

/** A server on a free port that answers `/fast…` on the fast path with the target. */
function serve(options: Partial<HttpServerOptions> = {}): {
  server: HttpServer;
  connect: () => Promise<RawClient>;
} {
  const server = HttpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    fast: ({ target }) =>
      target.startsWith("/fast") ? { template: PLAIN, body: target } : undefined,
    ...options,
  });
  const [address] = server.addresses;
  assert(address !== undefined);
  return { server, connect: () => RawClient.connect(address) };
}

/** Waits until the server has ended a connection for a reason. */
async function ended(
  server: HttpServer,
  reason: keyof HttpServer["counters"]["closed"],
): Promise<void> {
  const look = async () => {
    while (server.counters.closed[reason] === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await within(look(), `a connection ends as ${reason}`);
}

Deno.test("HttpServer ends silence, half heads, half bodies and idleness at their deadlines", async () => {
  const limits = { firstByteMs: 120, headMs: 150, bodyMs: 180, idleMs: 210 };
  const { server, connect } = serve({ limits, fetch: () => new Response("late") });
  await using _ = server;
  const silent = await connect();
  const half = await connect();
  const body = await connect();
  const idle = await connect();
  const started = performance.now();
  await half.say("GET /fast HTTP/1.1\r\nHo");
  await body.say(post("/fast", "Content-Length: 5") + "he");
  await idle.say(get("/fast"));
  await idle.hear("/fast");
  const ends = await Promise.all([silent, half, body, idle].map(async (client) => {
    await client.hearAll();
    client.close();
    return performance.now() - started;
  }));
  // The cheap clock may be 20 ms behind when a deadline is set.
  for (const [index, limitMs] of Object.values(limits).entries()) {
    const tookMs = ends[index] ?? 0;
    assert(tookMs >= limitMs - 25, `deadline ${index} came early: ${tookMs} ms`);
    assert(tookMs < limitMs + 1_500, `deadline ${index} came late: ${tookMs} ms`);
  }
  assert.deepEqual(server.counters.closed, {
    "silent-timeout": 1,
    "opening-timeout": 1,
    "receiving-timeout": 1,
    "idle-timeout": 1,
  });
});

Deno.test("HttpServer does not extend the deadline of a head that comes drop by drop", async () => {
  const { server, connect } = serve({ limits: { headMs: 200 } });
  await using _ = server;
  using client = await connect();
  const started = performance.now();
  const dripping = (async () => {
    for (const character of get("/fast").repeat(100)) {
      await client.say(character);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await assert.rejects(within(dripping, "the server hangs up"));
  const tookMs = performance.now() - started;
  assert(tookMs < 2_000, `${tookMs} ms`);
  assert.equal(server.counters.closed["opening-timeout"], 1);
});

Deno.test("HttpServer keeps an idle connection that goes on asking", async () => {
  const { server, connect } = serve({ limits: { idleMs: 150, firstByteMs: 150, headMs: 150 } });
  await using _ = server;
  using client = await connect();
  const started = performance.now();
  for (let count = 0; performance.now() - started < 500; count++) {
    await client.say(get(`/fast${count}.`));
    await client.hear(`/fast${count}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(server.connections, 1);
});

Deno.test("HttpServer ends a peer that asks on and on and never reads", async () => {
  const large = "x".repeat(200_000);
  const { server, connect } = serve({
    fast: () => ({ template: PLAIN, body: large }),
    limits: { writeStallMs: 150 },
  });
  await using _ = server;
  using client = await connect();
  await client.say(get("/").repeat(500));
  await ended(server, "write-stalled");
  assert.equal(server.connections, 0);
});

Deno.test("HttpServer answers HEAD like GET without the body", async () => {
  const { server, connect } = serve({ fetch: () => Response.json({ a: 1 }) });
  await using _ = server;
  using client = await connect();
  for (const target of ["/fast", "/slow"]) {
    await client.say(get(target).replace("GET", "HEAD"));
    const head = await client.hear("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 200 OK/);
    assert.doesNotMatch(head, /Transfer-Encoding/);
  }
  await client.say(get("/fast"));
  assert.match(await client.hear("\r\n\r\n/fast"), /^HTTP\/1\.1 200 OK/);
});

Deno.test("HttpServer leaves statuses without body without one", async () => {
  const { server, connect } = serve({
    fetch: (request) => new Response(null, { status: request.url.endsWith("4") ? 204 : 304 }),
  });
  await using _ = server;
  using client = await connect();
  for (const target of ["/204", "/304"]) {
    await client.say(get(target));
    const head = await client.hear("\r\n\r\n");
    assert.doesNotMatch(head, /Content-Length|Transfer-Encoding/i);
  }
});

Deno.test("HttpServer ignores the body of a fast request and stays in step", async () => {
  const { server, connect } = serve();
  await using _ = server;
  using client = await connect();
  await client.say(`${post("/fast1", "Content-Length: 13")}{"appid":"x"}${get("/fast2")}`);
  await client.hear("/fast1");
  await client.hear("/fast2");
  // The answer does not wait for the body.
  await client.say(post("/fast3", "Content-Length: 5"));
  await client.hear("/fast3");
  await client.say(`hello${post("/fast4", "Transfer-Encoding: chunked")}3\r\nabc\r\n`);
  await client.hear("/fast4");
  await client.say(`0\r\n\r\n${get("/fast5")}`);
  await client.hear("/fast5");
});

Deno.test("HttpServer answers before a huge body and ends the connection", async () => {
  const { server, connect } = serve({ fetch: () => new Response("unreachable") });
  await using _ = server;
  for (const [target, status] of [["/fast", "200"], ["/slow", "413"]] as const) {
    using client = await connect();
    await client.say(post(target, "Content-Length: 5000000"));
    await client.say("x".repeat(200_000));
    const heard = await client.hear(target === "/fast" ? "/fast" : "bytes\n");
    assert(heard.startsWith(`HTTP/1.1 ${status} `), heard.slice(0, 40));
    assert.match(heard, /\r\nConnection: close\r\n/);
    assert.equal(await client.hearAll(), "");
  }
});

Deno.test("HttpServer says Continue to whom waits, if the body is wanted", async () => {
  const { server, connect } = serve({
    fetch: async (request) => new Response(`got ${await request.text()}`),
  });
  await using _ = server;
  const expect = ["Content-Length: 5", "Expect: 100-continue"];
  using client = await connect();
  await client.say(post("/slow", ...expect));
  assert.equal(await client.hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  await client.say("hello");
  await client.hear("got hello");
  // One who is answered without the body being read cannot know whether to send it.
  await client.say(post("/fast", ...expect));
  assert.match(await client.hearAll(), /^HTTP\/1\.1 200 OK[^]*Connection: close[^]*\/fast$/);
});

Deno.test("HttpServer sends each part of a stream at once and stops when the peer goes", async () => {
  const parts = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  const cancelled = Promise.withResolvers<unknown>();
  const aborted = Promise.withResolvers<void>();
  const { server, connect } = serve({
    fetch: (_request, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => parts.resolve(controller),
        cancel: (reason) => cancelled.resolve(reason),
      });
      return new Response(stream, { headers: { "Content-Type": "text/event-stream" } });
    },
  });
  await using _ = server;
  const client = await connect();
  await client.say(get("/events"));
  const controller = await within(parts.promise, "the stream starts");
  for (const part of ["data: 1\n\n", "data: 2\n\n"]) {
    controller.enqueue(new TextEncoder().encode(part));
    assert.match(await client.hear(part), /9\r\ndata/);
  }
  client.close();
  await within(cancelled.promise, "the stream is cancelled");
  await within(aborted.promise, "the signal is aborted");
  await ended(server, "peer");
});

Deno.test("HttpServer ends streams for HTTP/1.0 with the connection", async () => {
  const stream = () => ReadableStream.from([new Uint8Array([97]), new Uint8Array([98, 99])]);
  const { server, connect } = serve({ fetch: () => new Response(stream()) });
  await using _ = server;
  using client = await connect();
  await client.say("GET /s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const heard = await client.hearAll();
  assert.match(heard, /\r\nConnection: close\r\n\r\nabc$/);
  assert.doesNotMatch(heard, /chunked|Content-Length/);
});

Deno.test("HttpServer never makes a broken body look complete", async () => {
  const faults: unknown[] = [];
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("half");
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error("disk");
  }
  const { server, connect } = serve({
    fetch: (request) =>
      request.url.endsWith("short")
        ? new Response("abc", { headers: { "Content-Length": "5" } })
        : new Response(ReadableStream.from(broken())),
    onError: (error) => faults.push(error),
  });
  await using _ = server;
  for (const target of ["/stream", "/short"]) {
    using client = await connect();
    await client.say(get(target));
    const heard = await client.hearAll();
    assert.doesNotMatch(heard, /\r\n0\r\n\r\n$/);
    assert.doesNotMatch(heard, /Content-Length: 3/i);
  }
  assert.deepEqual(server.counters.closed, { error: 2 });
  assert.match(String(faults), /disk/);
});

Deno.test("HttpServer takes no more of a body than the handler reads", async () => {
  const release = Promise.withResolvers<void>();
  const { server, connect } = serve({
    limits: { bodyBytesMax: 100_000_000, bodyMs: 200 },
    fetch: async (request) => {
      await release.promise;
      let bytes = 0;
      for await (const part of request.body ?? []) bytes += part.length;
      return new Response(`got ${bytes}`);
    },
  });
  await using _ = server;
  using client = await connect();
  const size = 30_000_000;
  await client.say(post("/slow", `Content-Length: ${size}`));
  let sent = 0;
  const sending = (async () => {
    const block = new Uint8Array(1_000_000);
    while (sent < size) {
      sent += await client.conn.write(block.subarray(0, Math.min(block.length, size - sent)));
    }
  })();
  // The handler's delay is not the peer's fault: no deadline of bodies runs meanwhile. It would have
  // come before that of a peer who begins a body now and does not go on.
  using late = await connect();
  await late.say(post("/fast", "Content-Length: 5") + "he");
  await ended(server, "receiving-timeout");
  await late.hearAll();
  assert.equal(server.connections, 1);
  assert(sent < size, "the peer is held back");
  release.resolve();
  await within(sending, "the peer sends all");
  assert.match(await client.hear(`got ${size}`), /^HTTP\/1\.1 200/);
});

Deno.test("HttpServer's deadline of bodies rests while the handler asks for no more", async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { server, connect } = serve({
    limits: { bodyMs: 600 },
    fetch: async (request) => {
      asked.resolve();
      await release.promise;
      return new Response(`got ${(await request.bytes()).length}`);
    },
  });
  await using _ = server;
  using client = await connect();
  await client.say(post("/slow", "Content-Length: 4"));
  await within(asked.promise, "the handler begins before anything of the body is there");
  await client.say("ab");
  // A peer who goes on later than that one would have to; its deadline passes.
  using late = await connect();
  await late.say(post("/slow", "Content-Length: 4"));
  await ended(server, "receiving-timeout");
  await late.hearAll();
  release.resolve();
  await client.say("cd");
  assert.match(await client.hear("got 4"), /^HTTP\/1\.1 200/);
});

Deno.test("HttpServer gives a handler all the time that it takes, once the request is there", async () => {
  const limits = { firstByteMs: 500, headMs: 500, bodyMs: 500, idleMs: 500 };
  const asked: (() => void)[] = [];
  const { server, connect } = serve({
    limits,
    fetch: async (request) => {
      const text = await request.text();
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push(resolve);
      await promise;
      return new Response(`got ${text}`);
    },
  });
  await using _ = server;
  using whole = await connect();
  using inParts = await connect();
  await whole.say(post("/slow", "Content-Length: 5") + "hello");
  await inParts.say(post("/slow", "Content-Length: 5") + "he");
  await until(() => asked.length === 1, "the whole request is handled");
  await inParts.say("llo");
  await until(() => asked.length === 2, "the request in parts is handled");
  // Whoever begins later and does not go on meets each deadline of a peer after those of the first.
  using half = await connect();
  await half.say("GET /fast HTTP/1.1\r\nHo");
  using body = await connect();
  await body.say(post("/fast", "Content-Length: 5") + "he");
  await Promise.all([half.hearAll(), body.hearAll()]);
  assert.equal(server.connections, 2);
  for (const answer of asked) answer();
  for (const client of [whole, inParts]) await client.hear("got hello");
});

Deno.test("HttpServer tells the handler when the peer goes in the middle of a body", async () => {
  const fault = Promise.withResolvers<unknown>();
  const { server, connect } = serve({
    fetch: async (request, { signal }) => {
      const error = await request.text().then(() => undefined, (error) => error);
      fault.resolve([error, signal]);
      return new Response("nobody hears");
    },
  });
  await using _ = server;
  const client = await connect();
  await client.say(post("/slow", "Content-Length: 5") + "he");
  client.close();
  const [error] = await within(fault.promise, "the handler knows") as [unknown];
  assert(error instanceof TypeError);
});

Deno.test("HttpServer decodes a raw UTF-8 target for fetch and keeps it raw for the fast path", async () => {
  const seen: string[] = [];
  const { server, connect } = serve({
    fast: ({ target }) => {
      seen.push(target);
      return undefined;
    },
    fetch: (request) => {
      seen.push(request.url);
      return new Response("ok\n");
    },
  });
  await using _ = server;
  using client = await connect();
  await client.say(get("/b\xc3\xbcro?a#b"));
  await client.hear("ok\n");
  await client.say(get("http://station/x?y"));
  await client.hear("ok\n");
  await client.say("OPTIONS * HTTP/1.1\r\nHost: station\r\n\r\n");
  await client.hear("ok\n");
  assert.deepEqual(seen, [
    "/b\xc3\xbcro?a#b",
    "http://station/b%C3%BCro?a%23b",
    "http://station/x?y",
    "http://station/x?y",
    "*",
    "http://station/*",
  ]);
});

Deno.test("HttpServer refuses a target that names another host than the field does", async () => {
  const { server, connect } = serve({ fetch: () => new Response("ok") });
  await using _ = server;
  using client = await connect();
  await client.say(get("http://evil.example/x"));
  assert.match(await client.hear("different hosts"), /^HTTP\/1\.1 400 /);
});

Deno.test("HttpServer refuses methods and hosts that make no request", async () => {
  const { server, connect } = serve({ fetch: () => new Response("ok") });
  await using _ = server;
  for (
    const [request, status] of [
      ["TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
      ["get / HTTP/1.1\r\nHost: a\r\n\r\n", 501],
      ["GET / HTTP/1.1\r\nHost: a:b:c\r\n\r\n", 400],
    ] as const
  ) {
    using client = await connect();
    await client.say(request);
    assert.match(await client.hearAll(), new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

Deno.test("HttpServer hands a connection over to another protocol", async () => {
  const { server, connect } = serve({
    limits: { drainMs: 10 },
    upgrade: (head, { connection, takeReceived }) => {
      if (head.header("upgrade") !== "echo") return undefined;
      connection.enter("busy", Infinity);
      connection.send(new TextEncoder().encode("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
      connection.send(takeReceived());
      return connection.ended().then(() => {});
    },
  });
  await using _ = server;
  using client = await connect();
  await client.say(get("/fast", "Connection: upgrade", "Upgrade: other"));
  await client.hear("/fast");
  await client.say(get("/fast", "Connection: upgrade", "Upgrade: echo") + "first words");
  assert.equal(
    await client.hear("first words"),
    "HTTP/1.1 101 Switching Protocols\r\n\r\nfirst words",
  );
});

Deno.test("HttpServer answers after the peer has said its last word", async () => {
  const { server, connect } = serve({
    fetch: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return new Response("late but there");
    },
  });
  await using _ = server;
  using client = await connect();
  await client.sayLast(get("/slow"));
  assert.match(await client.hearAll(), /late but there$/);
});

Deno.test("HttpServer says the same to every case of the table as its parser", async () => {
  const { server, connect } = serve({ fast: () => ({ template: PLAIN, body: "" }) });
  await using _ = server;
  for (const { name, bytes, sees } of CASES) {
    // Large bodies and ends of connections have tests of their own.
    if (/HTTP\/1\.0|Connection: (close|x)|Expect|Connection: keep-alive, close/i.test(bytes)) {
      continue;
    }
    using client = await connect();
    // A peer that was refused may find the door closed before it has said everything.
    await client.sayLast(bytes).catch(() => {});
    const heard = await client.hearAll();
    const statuses = [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    const complete = sees.filter((item) => typeof item === "string" && item !== "more").length;
    const refusal = sees.at(-1);
    if (typeof refusal !== "number") assert(statuses.length >= complete, name);
    else if (statuses.at(-1) !== 200) assert.equal(statuses.at(-1), refusal, name);
    assert(statuses.filter((status) => status === 200).length >= complete, name);
  }
});

Deno.test("HttpServer answers with 404 when nobody else does", async () => {
  const { server, connect } = serve();
  await using _ = server;
  using client = await connect();
  await client.say(get("/nothing"));
  assert.match(await client.hear("address\n"), /^HTTP\/1\.1 404 Not Found/);
});

Deno.test("HttpServer serves others between the requests that one peer sends without waiting", async () => {
  const requests = 500;
  for (const [target, inTurnMax] of [["/fast", 64], ["/slow", 1]] as const) {
    let inTurn = 0;
    let most = 0;
    let answered = 0;
    const count = () => {
      inTurn++;
      answered++;
    };
    const { server, connect } = serve({
      fast: (head) => {
        if (!head.target.startsWith("/fast")) return undefined;
        count();
        return { template: PLAIN, body: "x" };
      },
      fetch: () => {
        count();
        return new Response("x");
      },
    });
    await using _ = server;
    const turn = () => {
      most = Math.max(most, inTurn);
      inTurn = 0;
      if (answered < requests) setImmediate(turn);
    };
    setImmediate(turn);
    using client = await connect();
    await client.say(get(target).repeat(requests));
    for (let heard = 0; heard < requests; heard++) await client.hear("\r\n\r\nx");
    assert.equal(answered, requests);
    // What ends one turn and what begins the next may be counted together.
    assert(most <= 2 * inTurnMax, `${most} requests of ${target} in one turn`);
    client.close();
  }
});
