import { strict as assert } from "node:assert";
import { type Operation, OPERATIONS } from "../../src/console/api/operations.ts";
import { hear, idPath, setUp } from "./bench.ts";

Deno.test("GET /api/v1/members shows each member with its times", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  bench.advance(400);
  const response = await bench.request("/api/v1/members");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    members: [{
      id: "hilbert/tetris @ 127.0.0.1",
      protocol: "hilbert",
      name: "tetris",
      address: "127.0.0.1",
      station: null,
      state: "ok",
      since: "2026-01-01T00:00:00.000Z",
      silentMs: 400,
      promiseMs: 1000,
      lostAfterMs: 5000,
      deadlineInMs: 600,
      failure: null,
      beats: 1,
      pause: null,
      flapping: false,
      acknowledgement: null,
      tags: ["kiosk"],
      strip: "-".repeat(47) + "o",
      uptime24h: 1,
      outages24h: 0,
    }],
    phones: null,
    total: 1,
    verdict: "well",
    headline: "All is well",
    pause: null,
  });
});

Deno.test("GET /api/v1/members pages through the members and refuses bad pages", async () => {
  const bench = setUp();
  for (const name of ["a", "b", "c"]) hear(bench, name);
  const page = await (await bench.request("/api/v1/members?offset=1&limit=1")).json();
  assert.deepEqual(page.members.map((member: { name: string }) => member.name), ["b"]);
  assert.equal(page.total, 3);
  for (const query of ["limit=0", "limit=x", "offset=-1", "limit=10001"]) {
    const response = await bench.request(`/api/v1/members?${query}`);
    assert.equal(response.status, 422, query);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
  }
});

Deno.test("POST pause puts a member into maintenance until resume or its end", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  const body = JSON.stringify({ reason: "cleaning", forMs: 2_000 });
  const paused = await bench.request(`${idPath("tetris")}/pause`, { method: "POST", body });
  assert.equal(paused.status, 200);
  assert.deepEqual((await paused.json()).pause, {
    reason: "cleaning",
    until: "2026-01-01T00:00:02.000Z",
  });
  bench.advance(1_999);
  assert.equal((await (await bench.request(idPath("tetris"))).json()).state, "ok");
  bench.advance(1);
  assert.equal((await (await bench.request(idPath("tetris"))).json()).pause, null);
  await bench.request(`${idPath("tetris")}/pause`, { method: "POST" });
  const resumed = await bench.request(`${idPath("tetris")}/resume`, { method: "POST" });
  assert.equal((await resumed.json()).pause, null);
});

Deno.test("POST pause takes a member that was never heard only if it is expected", async () => {
  const bench = setUp();
  const phantom = await bench.request(`${idPath("later")}/pause`, { method: "POST" });
  assert.equal(phantom.status, 404);
  const body = '{"expect":true}';
  const known = await bench.request(`${idPath("later")}/pause`, { method: "POST", body });
  assert.equal((await known.json()).state, "unknown");
  const path = "/api/v1/members?id=hilbert/other%20@%20Entrance";
  const placed = await bench.request(path.replace("?", "/pause?"), { method: "POST", body });
  assert.equal((await placed.json()).id, "hilbert/other @ 10.0.0.7");
  const unknown = await bench.request("/api/v1/members/hilbert%2Fnever/pause", {
    method: "POST",
    body,
  });
  assert.equal(unknown.status, 404);
  const resumed = await bench.request(`${idPath("later")}/resume`, { method: "POST" });
  assert.equal(resumed.status, 200);
  assert.equal((await bench.request(idPath("later"))).status, 404);
});

const TETRIS_THERE = {
  id: "tetris @ 10.0.0.7",
  name: "tetris",
  address: "10.0.0.7",
  promiseMs: 1_000,
};

/** Bodies without which an operation is refused. */
const NEEDED_BODIES: Readonly<Record<string, unknown>> = {
  "/members/{id}/acknowledge": { by: "Anna" },
  "/members/{id}/tags": { tags: ["kiosk"] },
};

Deno.test("every operation on a member takes its id from the query, too, and every form of it", async () => {
  const bench = setUp();
  hear(bench, "tetris", "10.0.0.7");
  for (const { method, path } of Object.values(OPERATIONS) as readonly Operation[]) {
    if (!path.startsWith("/members/{id}")) continue;
    for (
      const name of [
        "tetris",
        "tetris @ 10.0.0.7",
        "tetris @ Entrance",
        "hilbert/tetris @ Entrance",
      ]
    ) {
      // One is acknowledged only if something is the matter.
      const isAbout = path.endsWith("/acknowledge")
        ? () => bench.roster.fail(TETRIS_THERE, "broken", bench.now())
        : () => hear(bench, "tetris", "10.0.0.7");
      isAbout();
      const needed = NEEDED_BODIES[path];
      const plain = `/api/v1${path.replace("/{id}", "")}?id=${encodeURIComponent(name)}`;
      const init = {
        method: method.toUpperCase(),
        ...(method === "post" && needed !== undefined ? { body: JSON.stringify(needed) } : {}),
      };
      assert.equal((await bench.request(plain, init)).status, 200, `${method} ${plain}`);
      isAbout();
      const inPath = `/api/v1${path.replace("{id}", encodeURIComponent(name))}`;
      assert.equal((await bench.request(inPath, init)).status, 200, `${method} ${inPath}`);
    }
  }
  hear(bench, "pause");
  assert.equal((await (await bench.request("/api/v1/members/pause")).json()).name, "pause");
});

Deno.test("a name that several members have is refused with all of them", async () => {
  const bench = setUp();
  hear(bench, "pong", "10.0.0.7");
  hear(bench, "pong", "10.0.0.8");
  const refused = await bench.request("/api/v1/members/pong/ok");
  assert.equal(refused.status, 409);
  assert.match(
    (await refused.json()).detail,
    /"hilbert\/pong @ 10\.0\.0\.7", "hilbert\/pong @ 10\.0\.0\.8"$/,
  );
  assert.equal((await bench.request("/api/v1/members/pong%20@%20Entrance/ok")).status, 200);
});

Deno.test("DELETE forgets a member of any state, and tells so", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  bench.advance(60_000);
  const happened = bench.events.subscribe();
  const gone = await bench.request(idPath("tetris"), { method: "DELETE" });
  assert.equal((await gone.json()).state, "gone");
  const told = happened.take();
  assert.ok(told?.type === "member-forgotten" && told.cause === "operator");
  assert.equal((await bench.request(idPath("tetris"))).status, 404);
  assert.equal((await bench.request(idPath("tetris"), { method: "DELETE" })).status, 404);
  const stranger = await bench.request(idPath("tetris"), { method: "DELETE" }, "10.0.0.9");
  assert.equal(stranger.status, 403);
});

Deno.test("POST pause on the host stops every alarm", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  await bench.request("/api/v1/pause", { method: "POST", body: '{"reason":"night"}' });
  bench.advance(60_000);
  const during = await (await bench.request("/api/v1/members")).json();
  assert.equal(during.members[0].state, "ok");
  assert.equal(during.pause.reason, "night");
  await bench.request("/api/v1/resume", { method: "POST" });
  bench.advance(2_999);
  assert.equal((await (await bench.request(idPath("tetris"))).json()).state, "ok");
  bench.advance(1);
  assert.equal((await (await bench.request(idPath("tetris"))).json()).state, "late");
});

Deno.test("POST announce expects a member within a grace", async () => {
  const bench = setUp();
  const body = '{"graceMs":5000}';
  await bench.request(`${idPath("new")}/announce`, { method: "POST", body });
  bench.advance(4_999);
  assert.equal((await (await bench.request(idPath("new"))).json()).state, "starting");
  bench.advance(1);
  assert.equal((await (await bench.request(idPath("new"))).json()).state, "lost");
});

Deno.test("POST bodies that are no JSON, too large or of a wrong shape are refused", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  const cases: [string, number][] = [
    ["{", 400],
    ["[]", 400],
    ["null", 422],
    ['{"forMs":"long"}', 422],
    ['{"forMs":-1}', 422],
    ['{"__proto__":{"reason":"x"},"other":1}', 422],
    [JSON.stringify({ reason: "x".repeat(201) }), 422],
    [" ".repeat(5_000), 413],
  ];
  for (const [body, status] of cases) {
    const response = await bench.request(`${idPath("tetris")}/pause`, { method: "POST", body });
    assert.equal(response.status, status, body.slice(0, 40));
  }
  assert.equal((await (await bench.request(idPath("tetris"))).json()).pause, null);
});

Deno.test("changes are refused to other machines, other sites and bent names", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  const path = `${idPath("tetris")}/pause`;
  const cases: [string, HeadersInit, string][] = [
    ["another machine", {}, "192.0.2.7"],
    ["another origin", { origin: "http://evil.example" }, "127.0.0.1"],
    ["a page without origin", { origin: "null" }, "127.0.0.1"],
    ["another site", { "sec-fetch-site": "cross-site" }, "127.0.0.1"],
    ["a bent name", { host: "evil.example:8880" }, "127.0.0.1"],
  ];
  for (const [name, headers, address] of cases) {
    const response = await bench.request(path, { method: "POST", headers }, address);
    assert.equal(response.status, 403, name);
  }
  const own = { origin: "http://localhost:8880", "sec-fetch-site": "same-origin" };
  assert.equal((await bench.request(path, { method: "POST", headers: own })).status, 200);
  assert.equal((await bench.request("/api/v1/members", {}, "192.0.2.7")).status, 200);
});

Deno.test("the page shows the worst first, by word and shape, and escapes names", async () => {
  const bench = setUp();
  hear(bench, "fine");
  hear(bench, "<script>alert(1)</script>", "10.0.0.7");
  bench.advance(3_500);
  bench.roster.hear(
    { id: "fine @ 127.0.0.1", name: "fine", address: "127.0.0.1", promiseMs: 1e3, kind: "beat" },
    3_500,
  );
  const response = await bench.request("/");
  const page = await response.text();
  assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(page, /▲ 1 of 2 is late/);
  assert.match(page, /▲ Late[^]*Entrance[^]*● running/);
  assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
  // The one that stands there is our own.
  assert.deepEqual(page.match(/<script>.*/g), ["<script>var rescue = setInterval(function () {"]);
  assert.doesNotMatch(page, /(src|href)="?https?:/);
});

Deno.test("the page of an idle host says what to do", async () => {
  const bench = setUp();
  assert.match(await (await bench.request("/")).text(), /Nobody has been heard yet/);
});

Deno.test("the page tells what is wrong with Pulsebox itself", async () => {
  const bench = setUp();
  bench.problems.push("heartbeat: does not answer");
  assert.match(
    await (await bench.request("/")).text(),
    /✖ <span lang="en">heartbeat: does not answer</,
  );
});

Deno.test("an unknown path is a problem document", async () => {
  const response = await setUp().request("/nothing");
  assert.equal(response.status, 404);
  assert.equal((await response.json()).title, "Not found");
});

Deno.test("the page does not say that all is well while a role is not", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  assert.match(await (await bench.request("/")).text(), /All is well/);
  bench.problems.push("heartbeat: does not answer");
  const text = await (await bench.request("/")).text();
  assert.doesNotMatch(text, /All is well/);
  assert.match(
    text,
    /<title>✖ Pulsebox itself needs attention: [^<]* at [0-9:]+ · Pulsebox<\/title>/,
  );
});

Deno.test("a fault of the console is told to its owner", async () => {
  const bench = setUp();
  const fault = new Error("broken");
  Object.defineProperty(bench.problems, Symbol.iterator, {
    value: () => {
      throw fault;
    },
  });
  const response = await bench.request("/");
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /broken/);
  assert.deepEqual(bench.errors, [fault]);
});

Deno.test("the page counts whoever needs attention among all members, however many", async () => {
  const bench = setUp({ membersMax: 12_000 });
  for (let index = 0; index < 11_000; index++) hear(bench, `fine-${index}`);
  bench.advance(2_000);
  const id = "last @ 127.0.0.1";
  for (const member of [...bench.roster.values()]) bench.roster.renew(member, 9e9, "beat", 2_000);
  bench.roster.hear(
    { id, name: "last", address: "127.0.0.1", promiseMs: 1_000, kind: "beat" },
    2_000,
  );
  bench.advance(3_500);
  const page = await (await bench.request("/")).text();
  assert.match(page, /▲ 1 of 11001 is late/);
  assert.match(page, /▲ Late[^]*last/);
});

Deno.test("the page of a host in maintenance cries no wolf", async () => {
  const bench = setUp();
  hear(bench, "tetris");
  bench.advance(3_500);
  await bench.request("/api/v1/pause", { method: "POST" });
  assert.match(await (await bench.request("/")).text(), /In maintenance/);
});

Deno.test("a warning stays until somebody confirms it, and the page has its verdict then", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  bench.unconfirmed.push("The database was damaged");
  const verdict = async () => (await bench.request("/api/v1/verdict")).json();
  const { verdict: word, headline, warnings } = await verdict();
  assert.equal(word, "problem");
  assert.match(headline, /The database was damaged/);
  assert.deepEqual(warnings, ["The database was damaged"]);
  const reply = await bench.request("/api/v1/warnings/confirm", { method: "POST" });
  assert.deepEqual(await reply.json(), { warnings: [] });
  assert.equal((await verdict()).verdict, "well");
});

Deno.test("the QR code is of the address by which a phone can reach the console, or there is none", async () => {
  using bench = setUp();
  assert.equal((await bench.request("/qr.svg")).status, 404, "localhost is the phone itself");
  const headers = { host: "pulse.example:8880" };
  const picture = await bench.request("/qr.svg", { headers });
  assert.equal(picture.headers.get("content-type"), "image/svg+xml");
  assert.match(await picture.text(), /^<svg .*<path d="M\d/);
  const page = await (await bench.request("/", { headers })).text();
  assert.match(page, /alt="QR code of http:\/\/pulse\.example:8880\/?"/);
  assert.equal((await bench.request("/manifest.webmanifest")).status, 200);
});
