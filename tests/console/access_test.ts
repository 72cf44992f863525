import { strict as assert } from "node:assert";
import { SESSION_MS, Sessions, SESSIONS_PER_TOKEN_MAX } from "../../src/console/sessions.ts";
import { TokenFileError, TokenTable } from "../../src/console/tokens.ts";
import { cookieName } from "../../src/console/session_cookie.ts";
import { WRONG_TOKENS_MAX } from "../../src/core/guess_limit.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";
import { within } from "../support/tcp.ts";

const READ = "read-token-0123456789";
const WRITE = "write-token-0123456789";
const TOKENS = `# people\nread ${READ}\n\nwrite\t${WRITE}\n`;
const AFAR = "192.0.2.9";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

Deno.test("with tokens, nothing but health and the login is shown without one", async () => {
  using bench = setUp({ tokens: TOKENS });
  for (const path of ["/api/v1/members", "/metrics", "/openapi.json", "/api/v1/events"]) {
    for (const address of ["127.0.0.1", AFAR]) {
      const response = await bench.request(path, {}, address);
      assert.equal(response.status, 401, path);
      assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer/);
      await response.body?.cancel();
    }
  }
  const page = await bench.request("/", {}, AFAR);
  assert.equal(page.status, 303);
  assert.equal(page.headers.get("location"), "login");
  assert.equal((await bench.request("/login", {}, AFAR)).status, 200);
  assert.equal((await bench.request("/assets/page.css", {}, AFAR)).status, 200);
});

Deno.test("a read token reads, a write token also changes, a wrong one does neither", async () => {
  using bench = setUp({ tokens: TOKENS });
  hear(bench, "tetris");
  const read = (token: string) =>
    bench.request("/api/v1/members", { headers: bearer(token) }, AFAR);
  const write = (token: string) =>
    bench.request(`${idPath("tetris")}/pause`, { method: "POST", headers: bearer(token) }, AFAR);
  assert.equal((await read(READ)).status, 200);
  assert.equal((await read(WRITE)).status, 200);
  assert.equal((await read(`${READ}x`)).status, 401);
  const refused = await write(READ);
  assert.equal(refused.status, 403);
  assert.match((await refused.json()).detail, /reading only.*--token-file/);
  assert.equal((await write(WRITE)).status, 200);
});

Deno.test("without tokens, others than this machine may read and not change", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  assert.equal((await bench.request("/api/v1/members", {}, AFAR)).status, 200);
  const path = `${idPath("tetris")}/pause`;
  const fromAfar = await bench.request(path, { method: "POST" }, AFAR);
  assert.equal(fromAfar.status, 403);
  assert.match((await fromAfar.json()).detail, /--token-file/, "names what would allow it");
  assert.equal((await bench.request(path, { method: "POST" })).status, 200);
});

async function login(bench: Bench, token: string, headers = {}, address = AFAR): Promise<Response> {
  return await bench.request("/login", {
    method: "POST",
    body: new URLSearchParams({ token }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  }, address);
}

const cookieIn = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";

Deno.test("a login gives a cookie that the page can use and other sites cannot", async () => {
  using bench = setUp({ tokens: TOKENS });
  hear(bench, "tetris");
  const response = await login(bench, WRITE);
  assert.equal(response.status, 303);
  const attributes = response.headers.get("set-cookie") ?? "";
  assert.match(attributes, /; HttpOnly; SameSite=Strict$/);
  const cookie = cookieIn(response);
  assert.doesNotMatch(cookie, new RegExp(WRITE));
  const page = await bench.request("/", { headers: { cookie } }, AFAR);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /data-right="write"/);
  const pause = (headers: Record<string, string>) =>
    bench.request(`${idPath("tetris")}/pause`, {
      method: "POST",
      headers: { cookie, ...headers },
    }, AFAR);
  const own = "http://localhost:8880";
  assert.equal((await pause({ origin: own })).status, 200);
  assert.equal((await pause({ "sec-fetch-site": "same-origin" })).status, 200);
  assert.equal((await pause({})).status, 403, "a browser would tell");
  assert.equal((await pause({ origin: "http://evil.example" })).status, 403);
  assert.equal((await pause({ origin: own, "sec-fetch-site": "cross-site" })).status, 403);
  assert.equal((await pause({ origin: "null" })).status, 403);
});

Deno.test("a logout ends the session, and so does another token file", async () => {
  using bench = setUp({ tokens: TOKENS });
  const cookie = cookieIn(await login(bench, READ));
  const ask = () => bench.request("/api/v1/members", { headers: { cookie } }, AFAR);
  assert.equal((await ask()).status, 200);
  const out = await bench.request("/logout", { method: "POST", headers: { cookie } }, AFAR);
  assert.match(out.headers.get("set-cookie") ?? "", /Max-Age=0/);
  assert.equal((await ask()).status, 401);
  const other = cookieIn(await login(bench, READ));
  const another = cookieIn(await login(bench, WRITE));
  bench.access.replace(TokenTable.parse(`read ${READ}`));
  const status = async (value: string) =>
    (await bench.request("/metrics", { headers: { cookie: value } }, AFAR)).status;
  assert.equal(await status(other), 200, "its token is still there");
  assert.equal(await status(another), 401);
});

Deno.test("the cookie of an HTTPS console is for HTTPS only", async () => {
  using bench = setUp({ tokens: TOKENS, transport: "https" });
  const response = await login(bench, READ, { origin: "https://localhost:8880" });
  assert.match(response.headers.get("set-cookie") ?? "", /; Secure$/);
});

Deno.test("wrong tokens have to wait, and lock out no right one", async () => {
  using bench = setUp({ tokens: TOKENS });
  for (let attempt = 0; attempt < WRONG_TOKENS_MAX; attempt++) {
    assert.equal((await login(bench, `wrong-${attempt}`)).status, 401);
  }
  assert.equal((await login(bench, "wrong-again")).status, 429);
  const wrong = await bench.request("/metrics", { headers: bearer("wrong-bearer") }, AFAR);
  assert.equal(wrong.status, 429);
  assert.equal((await login(bench, WRITE)).status, 303);
  const right = await bench.request("/metrics", { headers: bearer(WRITE) }, AFAR);
  assert.equal(right.status, 200);
  bench.advance(60_000);
  assert.equal((await login(bench, "wrong-later")).status, 401);
});

Deno.test("a login page shows what was wrong, and never what was typed", async () => {
  using bench = setUp({ tokens: TOKENS });
  const response = await login(bench, "<script>alert(1)</script>");
  const text = await response.text();
  assert.match(text, /not one of this host/);
  assert.doesNotMatch(text, /alert\(1\)/);
  assert.equal((await login(bench, "x".repeat(100_000))).status, 401);
});

Deno.test("TokenTable.parse names the line that is wrong, and no token", () => {
  const cases: [string, RegExp][] = [
    ["", /no token/],
    ["# nothing\n", /no token/],
    [`read ${READ}\nadmin ${WRITE}`, /line 2 must be "read TOKEN"/],
    ["read short", /line 1 has 5 characters/],
    [`read ${"x".repeat(513)}`, /513 characters/],
    [`read a b`, /line 1/],
    [`read ${"ä".repeat(20)}`, /line 1 has other characters/],
    [`read ${READ}\n`.repeat(101), /more than 100/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => TokenTable.parse(text), (error: Error) => {
      assert.ok(error instanceof TokenFileError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, new RegExp(`${READ}|${WRITE}`));
      return true;
    });
  }
  const table = TokenTable.parse(`write ${READ}\r\nread ${READ}\r\n`);
  assert.equal(table.rightOf(READ), "write", "the greater right counts");
  assert.equal(table.rightOf("x".repeat(1_000)), undefined);
});

Deno.test("Sessions end by themselves, and the oldest of the same token makes room", () => {
  const sessions = new Sessions();
  const first = sessions.begin("writer", 0);
  assert.equal(sessions.get(first, SESSION_MS - 1)?.tokenKey, "writer");
  assert.equal(sessions.get(first, SESSION_MS), undefined);
  assert.equal(sessions.size, 0);
  const writer = sessions.begin("writer", 0);
  const oldest = sessions.begin("reader", 0);
  for (let count = 0; count < 1_000; count++) sessions.begin("reader", 0);
  assert.equal(sessions.size, SESSIONS_PER_TOKEN_MAX + 1);
  assert.equal(sessions.get(oldest, 1), undefined);
  assert.notEqual(sessions.get(writer, 1), undefined, "another token's logins push nobody out");
});

Deno.test("reading and changing follow one rule for the name in Host", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const ask = async (host: string, method = "GET", more: Record<string, string> = {}) => {
    const path = method === "GET" ? "/api/v1/members" : `${idPath("tetris")}/pause`;
    const response = await bench.request(path, { method, headers: { host, ...more } });
    await response.body?.cancel();
    return response.status;
  };
  for (const method of ["GET", "POST"]) {
    for (const host of ["evil.example", "evil.example:8880", "127.0.0.1.evil.example", "pi"]) {
      assert.equal(await ask(host, method), 403, `${method} ${host}`);
    }
    for (
      const host of ["127.0.0.1:8880", "[::1]:8880", "[fe80::1%eth0]", "192.0.2.1", "LOCALHOST"]
    ) {
      assert.equal(await ask(host, method), 200, `${method} ${host}`);
    }
    assert.equal(await ask("pulse.example", method), 200, "--console-name");
    assert.equal(await ask("localhost", method, { "x-forwarded-host": "evil.example" }), 403);
  }
});

Deno.test("a page behind a proxy that ends TLS is the console's own", async () => {
  for (const tokens of [undefined, TOKENS]) {
    using bench = setUp(tokens === undefined ? {} : { tokens });
    hear(bench, "tetris");
    const host = "pulse.example";
    const own = { host, origin: "https://pulse.example", "x-forwarded-for": "127.0.0.1" };
    const cookie = tokens === undefined ? "" : cookieIn(await login(bench, WRITE, own));
    const change = async (headers: Record<string, string>) => {
      const init = { method: "POST", headers: { cookie, ...headers } };
      return (await bench.request(`${idPath("tetris")}/pause`, init)).status;
    };
    assert.equal(await change(own), 200);
    assert.equal(await change({ ...own, "sec-fetch-site": "same-origin" }), 200);
    assert.equal(await change({ ...own, host: `${host}:8443` }), 403, "another port");
    assert.equal(await change({ ...own, "sec-fetch-site": "same-site" }), 403);
    assert.equal(await change({ ...own, origin: "https://pulse.example.evil.example" }), 403);
    const inner = { ...own, host: "127.0.0.1:8880", "sec-fetch-site": "same-origin" };
    assert.equal(await change(inner), tokens === undefined ? 403 : 200, "Host of the proxy's own");
    assert.equal(await change({ ...inner, "x-forwarded-host": host }), 200);
  }
});

Deno.test("without tokens a proxy's visitors from other machines change nothing", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const change = async (headers: Record<string, string>) => {
    const response = await bench.request(`${idPath("tetris")}/pause`, { method: "POST", headers });
    await response.body?.cancel();
    return response.status;
  };
  for (const name of ["x-forwarded-for", "x-real-ip", "x-client-ip", "cf-connecting-ip"]) {
    assert.equal(await change({ [name]: "192.0.2.7" }), 403, name);
    assert.equal(await change({ [name]: "127.0.0.1" }), 200, name);
  }
  // RFC 7239 has names, ports, brackets and quotes; a node may hide.
  for (
    const [forwarded, expected] of [
      ["for=192.0.2.7", 403],
      ['For="[2001:db8::7]:4711";proto=https', 403],
      ["for=127.0.0.1, for=192.0.2.7", 403],
      ["by=127.0.0.1;for=unknown", 403],
      ["for=_hidden", 403],
      ["by=10.0.0.1", 403],
      ["for=", 403],
      ["proto=http;for=127.0.0.1:80", 200],
      ['for="[::1]:80";host=localhost', 200],
      ["for=127.0.0.1;by=10.0.0.1, for=127.0.0.2", 200],
    ] as const
  ) assert.equal(await change({ forwarded }), expected, forwarded);
  assert.equal(await change({ via: "1.1 proxy" }), 403, "for whom, it does not say");
  assert.equal(await change({ via: "1.1 proxy", "x-forwarded-for": "127.0.0.1" }), 200);
  assert.equal(await change({ forwarded: "for=192.0.2.7", "x-forwarded-for": "127.0.0.1" }), 403);
  const far = await bench.request(`${idPath("tetris")}/pause`, {
    method: "POST",
    headers: { "x-forwarded-for": "127.0.0.1" },
  }, AFAR);
  assert.equal(far.status, 403, "what a stranger says gives no right");
});

Deno.test("a page of another site logs nobody out", async () => {
  using bench = setUp({ tokens: TOKENS });
  const cookie = cookieIn(await login(bench, READ));
  for (const more of [{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
    const init = { method: "POST", headers: { cookie, ...more } };
    assert.equal((await bench.request("/logout", init, AFAR)).status, 403);
  }
  const reply = await bench.request("/metrics", { headers: { cookie } }, AFAR);
  assert.equal(reply.status, 200);
});

Deno.test("X-Forwarded-Prefix leads redirects and the cookie, if it is a plain path", async () => {
  using bench = setUp({ tokens: TOKENS });
  const at = async (prefix: string) => {
    const headers = { "x-forwarded-prefix": prefix };
    const page = await bench.request("/", { headers }, AFAR);
    const entered = await login(bench, READ, headers);
    const path = /; Path=([^;]*);/.exec(entered.headers.get("set-cookie") ?? "")?.[1];
    return [page.headers.get("location"), entered.headers.get("location"), path];
  };
  assert.deepEqual(await at("/pulse"), ["/pulse/login", "/pulse/", "/pulse/"]);
  assert.deepEqual(await at("/a/b-c.d/"), ["/a/b-c.d/login", "/a/b-c.d/", "/a/b-c.d/"]);
  for (
    const prefix of [
      "//evil.example",
      "https://evil.example",
      "/\\evil.example",
      "/..",
      "/a/../b",
      "/a;x",
      "/a b",
      "/a, /b",
      "/%2e",
      `/${"x".repeat(300)}`,
      "pulse",
    ]
  ) {
    assert.deepEqual(await at(prefix), ["login", "./", "/"], prefix);
  }
});

Deno.test("hosts on one name do not share a cookie", () => {
  assert.notEqual(cookieName("pi:8880"), cookieName("pi:8881"));
  assert.notEqual(cookieName("pi:8880"), cookieName("pc:8880"));
  assert.equal(cookieName("pi:8880"), cookieName("pi:8880"));
});

Deno.test("an open stream ends with its right, whatever it rests on", async () => {
  const open = async (bench: Bench, headers: Record<string, string>) => {
    const response = await bench.request("/api/v1/events", { headers }, AFAR);
    assert.equal(response.status, 200);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    return reader;
  };
  const ended = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
    // Signs of life go on for ever, so it is the number of events that is bounded.
    for (let count = 0; count < 20; count++) {
      if ((await within(reader.read(), "the end of the stream")).done) return;
    }
    assert.fail("the stream goes on");
  };
  using bench = setUp({ tokens: TOKENS });
  const cookie = cookieIn(await login(bench, READ));
  const ofSession = await open(bench, { cookie });
  await bench.request("/logout", { method: "POST", headers: { cookie } }, AFAR);
  await ended(ofSession);

  const expiring = await open(bench, { cookie: cookieIn(await login(bench, READ)) });
  bench.advance(SESSION_MS);
  await ended(expiring);

  const ofToken = await open(bench, bearer(WRITE));
  const ofSessionToo = await open(bench, { cookie: cookieIn(await login(bench, WRITE)) });
  const stays = await open(bench, bearer(READ));
  bench.access.replace(TokenTable.parse(`read ${READ}`));
  await Promise.all([ended(ofToken), ended(ofSessionToo)]);
  assert.equal((await stays.read()).done, false, "the other token is still there");
  await stays.cancel();
});
