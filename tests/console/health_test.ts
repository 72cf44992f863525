import { strict as assert } from "node:assert";
import { answerHealth } from "../../src/console/health.ts";
import type { Host } from "../../src/console/host.ts";
import { HttpServer } from "../../src/net/http/server.ts";

/** A server whose health follows two lists. */
function serve(problems: string[], warnings: string[]): HttpServer {
  const host = { problems: () => problems, warnings: () => warnings } as unknown as Host;
  return HttpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    fast: (head) => answerHealth(host, head),
    fetch: () => new Response("application", { status: 404 }),
  });
}

Deno.test("GET /healthz and /readyz are 200 while every role is well and name what is not", async () => {
  const problems: string[] = [];
  const warnings: string[] = [];
  await using server = serve(problems, warnings);
  const base = `http://127.0.0.1:${server.addresses[0]?.port}`;
  for (const path of ["/healthz", "/readyz"]) {
    const response = await fetch(base + path);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: "ok", problems: [], warnings: [] });
  }
  warnings.push("disk full");
  assert.equal((await fetch(`${base}/healthz`, { method: "HEAD" })).status, 200);
  problems.push("heartbeat: does not answer");
  const failing = await fetch(`${base}/readyz`);
  assert.equal(failing.status, 503);
  assert.equal(failing.headers.get("cache-control"), "no-store");
  assert.deepEqual(await failing.json(), {
    status: "failing",
    problems: ["heartbeat: does not answer"],
    warnings: ["disk full"],
  });
});

Deno.test("answerHealth leaves other requests to the application", async () => {
  await using server = serve([], []);
  const base = `http://127.0.0.1:${server.addresses[0]?.port}`;
  for (const [method, path] of [["GET", "/"], ["POST", "/"], ["GET", "/healthz/x"]]) {
    const response = await fetch(base + path, { method: method ?? "GET" });
    assert.equal(await response.text(), "application");
  }
});

Deno.test("answerHealth tells whoever uses another method which there are", async () => {
  await using server = serve([], []);
  const url = `http://127.0.0.1:${server.addresses[0]?.port}/healthz`;
  const response = await fetch(url, { method: "POST" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, HEAD");
  assert.deepEqual(await response.json(), { detail: "/healthz does not take POST, but GET" });
});
