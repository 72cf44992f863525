import { strict as assert } from "node:assert";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import { ListenError } from "../../../src/net/listen_error.ts";
import { HeartbeatRole, type HeartbeatRoleOptions } from "../../../src/roles/heartbeat/role.ts";
import { decodeRaw } from "../../../src/wire/hilbert/percent.ts";
import { bytesOf, RawClient } from "../../support/tcp.ts";
import { TARGET_CASES } from "../../wire/hilbert/cases.ts";
import { VirtualStation } from "./virtual_station.ts";
import { WORKED_EXAMPLES } from "./worked_examples.ts";

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };

function start(
  options: Partial<HeartbeatRoleOptions> = {},
): { station: VirtualStation; role: HeartbeatRole; url: string; port: number } {
  const station = new VirtualStation();
  const role = HeartbeatRole.start({ ...station.options, addresses: [ANY_PORT], ...options });
  const url = role.addresses[0] ?? "";
  return { station, role, url, port: Number(new URL(url).port) };
}

interface RawReply {
  status: number;
  headers: Record<string, string>;
  /** One character for each byte. */
  body: string;
}

/** Sends one request as it is given and reads the reply from the connection to its end. */
async function exchange(port: number, request: string): Promise<RawReply> {
  using client = await RawClient.connect({ hostname: "127.0.0.1", port });
  await client.say(request);
  const text = await client.hearAll();
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(fields),
    body: text.slice(end + 4),
  };
}

function get(port: number, target: string): Promise<RawReply> {
  return exchange(port, `GET ${target} HTTP/1.0\r\n\r\n`);
}

function assertHeaders({ headers }: RawReply): void {
  assert.equal(headers["content-type"], "text/plain");
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(headers["cache-control"], "no-store, no-transform");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["content-encoding"], undefined);
}

Deno.test("HeartbeatRole answers the worked examples on its socket", async () => {
  const { station, role, port } = start();
  await using _ = role;
  for (const { atMs, method, target, status, body } of WORKED_EXAMPLES) {
    station.nowMs = atMs;
    const reply = await exchange(port, `${method} ${target} HTTP/1.0\r\n\r\n`);
    assert.equal(reply.status, status, target);
    assert.equal(reply.body, body, target);
    assertHeaders(reply);
  }
});

Deno.test("HeartbeatRole answers every named target on its socket", async () => {
  const { role, port } = start();
  await using _ = role;
  for (const { name, target, expected } of TARGET_CASES) {
    // What HTTP itself does not take for a target never comes to the role.
    if (!/^(?:\/|http:)/.test(target)) continue;
    const reply = await get(port, target);
    const isError = expected.command === "invalid" || expected.command === "unknown";
    assert.equal(reply.status, isError ? 400 : 200, name);
    assertHeaders(reply);
    const text = new TextDecoder().decode(bytesOf(reply.body));
    if (isError) {
      assert.equal(text, `ERROR: cannot process your request: [${decodeRaw(target)}]`, name);
    } else if ("delay" in expected && expected.delay !== undefined) {
      assert.equal(text, String(expected.delay + 1000), name);
    }
  }
});

Deno.test("HeartbeatRole ignores the body of a POST, whatever it is", async () => {
  const { role, port } = start();
  await using _ = role;
  const bodies = [
    'Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"appid":"B"}',
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nappid=B",
    "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{{{",
    "Content-Type: ???\r\nContent-Length: 0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n7\r\nappid=B\r\n0\r\n\r\n",
  ];
  for (const body of bodies) {
    const head = "POST /hb_ping?5000&appid=A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    const reply = await exchange(port, head + body);
    assert.deepEqual([reply.status, reply.body], [200, "6000"]);
  }
  assert.equal((await get(port, "/list")).body, "A @ 127.0.0.1\n");
});

Deno.test("HeartbeatRole answers HEAD like GET, without the body", async () => {
  const { role, port } = start();
  await using _ = role;
  const reply = await exchange(port, "HEAD /hb_ping?5000&appid=A HTTP/1.0\r\n\r\n");
  assert.deepEqual([reply.status, reply.headers["content-length"], reply.body], [200, "4", ""]);
  assertHeaders(reply);
  assert.equal((await get(port, "/list")).body, "A @ 127.0.0.1\n");
});

Deno.test("HeartbeatRole allows any page to send anything", async () => {
  const { role, port } = start();
  await using _ = role;
  const head = "OPTIONS /hb_ping?5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: null\r\n";
  const asked = "Access-Control-Request-Headers: x-requested-with, content-type\r\n";
  const reply = await exchange(port, `${head}${asked}\r\n`);
  assert.equal(reply.status, 204);
  assert.equal(reply.body, "");
  assert.equal(reply.headers["access-control-allow-origin"], "*");
  assert.equal(reply.headers["access-control-allow-methods"], "GET, POST, OPTIONS");
  assert.equal(reply.headers["access-control-allow-headers"], "x-requested-with, content-type");
  assert.equal(reply.headers["access-control-allow-private-network"], "true");
  for (const names of ["", "a b", "a;b", "x".repeat(2_000)]) {
    const odd = await exchange(port, `${head}Access-Control-Request-Headers: ${names}\r\n\r\n`);
    assert.deepEqual([odd.status, odd.headers["access-control-allow-headers"]], [204, undefined]);
  }
  const bare = await exchange(port, `${head}\r\n`);
  assert.deepEqual([bare.status, bare.headers["access-control-allow-origin"]], [204, "*"]);
});

Deno.test("HeartbeatRole refuses other methods in the words of the protocol", async () => {
  const { role, port } = start();
  await using _ = role;
  for (const method of ["PUT", "DELETE", "PATCH", "BREW", "get"]) {
    const reply = await exchange(port, `${method} /hb_ping?5&appid=A HTTP/1.0\r\n\r\n`);
    assert.equal(reply.status, 405);
    assert.equal(reply.headers.allow, "HEAD, GET, POST, OPTIONS");
    assert.equal(reply.body, "ERROR: cannot process your request: [/hb_ping?5&appid=A]");
    assertHeaders(reply);
  }
  assert.equal((await get(port, "/list")).body, "");
  assert.equal(role.metrics().hilbert_methods_refused_total, 5);
});

Deno.test("HeartbeatRole answers a full table with 503", async () => {
  const station = new VirtualStation({}, { applicationsMax: 1 });
  await using role = HeartbeatRole.start({ ...station.options, addresses: [ANY_PORT] });
  const port = Number(new URL(role.addresses[0] ?? "").port);
  assert.equal((await get(port, "/hb_ping?5&appid=A")).status, 200);
  const reply = await get(port, "/hb_ping?5&appid=B");
  assert.equal(reply.status, 503);
  assert.equal(reply.body, "ERROR: cannot process your request: [/hb_ping?5&appid=B]");
  assertHeaders(reply);
});

Deno.test("HeartbeatRole tells its health with CORS", async () => {
  const problems: string[] = [];
  const { role, port } = start({ problem: () => problems[0] });
  await using _ = role;
  const well = await get(port, "/healthz");
  assert.deepEqual([well.status, well.body], [200, "ok\n"]);
  assertHeaders(well);
  problems.push("Cannot notice silence");
  const unwell = await get(port, "/healthz");
  assert.deepEqual([unwell.status, unwell.body], [503, "Cannot notice silence\n"]);
  assertHeaders(unwell);
});

Deno.test("HeartbeatRole is one machine on IPv4 and IPv6", async () => {
  const { role } = start({ addresses: [ANY_PORT, { hostname: "::1", port: 0 }] });
  await using _ = role;
  const [four = "", six = ""] = role.addresses;
  assert.match(six, /^http:\/\/\[::1\]:\d+$/);
  await new HilbertClient({ url: six, appId: "A" }).ping(5_000);
  const status = await new HilbertClient({ url: four }).status("A");
  assert(status.startsWith("OK - fine application [A @ 127.0.0.1]| "), status);
});

Deno.test("HeartbeatRole and HilbertClient understand each other", async () => {
  const { role, url } = start();
  await using _ = role;
  const client = new HilbertClient({ url });
  for (const name of ["tetris", "my app", "a&b#c?d", "50%off", "%41", "ä€😀", ""]) {
    client.appId = name;
    assert.equal(await client.init(3_000.2), "4001");
    assert.equal(await client.ping(500), "1500");
    assert.deepEqual(await client.listEntries(), [{ name, address: "127.0.0.1" }]);
    assert((await client.status(name)).startsWith(`OK - fine application [${name} @ 127.0.0.1]`));
    assert.equal(await client.done(), "So Long, and Thanks for All the Fish!");
    assert.equal(await client.list(), "");
  }
  client.url = `${url}/heartbeat.html?container=pong&next=%n`;
  assert.equal(await client.ping(5_000), "6000");
  assert.equal(await client.list(), "pong @ 127.0.0.1\n");
});

Deno.test("HeartbeatRole announces what is expected when it starts", async () => {
  const { role, port } = start({ expected: [{ name: "tetris", address: "127.0.0.1" }] });
  await using _ = role;
  assert((await get(port, "/status")).body.startsWith("OK - starting application [tetris @ "));
});

Deno.test("HeartbeatRole says why it cannot listen", async () => {
  const { role, port } = start();
  await using _ = role;
  assert.throws(
    () => start({ addresses: [{ hostname: "127.0.0.1", port }] }),
    (error) => error instanceof ListenError && error.message.includes(`127.0.0.1:${port}`),
  );
});

Deno.test("HeartbeatRole checks itself, counts, and stops more than once", async () => {
  const { station, role, url } = start();
  assert.equal(role.name, "heartbeat");
  assert.equal(role.selfCheck(station.nowMs), undefined);
  await new HilbertClient({ url }).ping(5);
  assert.equal(role.metrics().hilbert_applications, 1);
  assert.equal(role.metrics()['pulsebox_connections_accepted_total{role="heartbeat"}'], 1);
  await role.stop();
  await role.stop();
  assert.match(role.selfCheck(station.nowMs) ?? "", /stopped/);
  assert.equal(await new HilbertClient({ url, errorReturnValue: "ups" }).ping(5), "ups");
});

Deno.test("HeartbeatRole lets any page read what HTTP itself refuses", async () => {
  const { role, port } = start();
  await using _ = role;
  const requests: [string, number][] = [
    ["GET /hb_ping?5&appid=my app HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["GET /hb_ping?5&appid=A HTTP/1.1\r\n\r\n", 400],
    [`GET /hb_ping?5&appid=${"n".repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ];
  for (const [request, status] of requests) {
    const reply = await exchange(port, request);
    assert.equal(reply.status, status);
    assertHeaders(reply);
  }
});
