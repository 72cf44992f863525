import { strict as assert } from "node:assert";
import { SESSION_MS, Sessions, SESSIONS_MAX } from "../../src/console/sessions.ts";
import { TokenFileError, TokenTable } from "../../src/console/tokens.ts";
import { LoginLimit, WRONG_TOKENS_MAX } from "../../src/console/login_limit.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";

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
  assert.equal(page.headers.get("location"), "/login");
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
  assert.match((await refused.json()).detail, /reading only/);
  assert.equal((await write(WRITE)).status, 200);
});

Deno.test("without tokens, others than this machine may read and not change", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  assert.equal((await bench.request("/api/v1/members", {}, AFAR)).status, 200);
  const path = `${idPath("tetris")}/pause`;
  assert.equal((await bench.request(path, { method: "POST" }, AFAR)).status, 403);
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
  bench.access.replace(TokenTable.parse(`read ${READ}`));
  assert.equal((await bench.request("/metrics", { headers: { cookie: other } }, AFAR)).status, 401);
});

Deno.test("the cookie of an HTTPS console is for HTTPS only", async () => {
  using bench = setUp({ tokens: TOKENS, transport: "https" });
  const response = await login(bench, READ, { origin: "https://localhost:8880" });
  assert.match(response.headers.get("set-cookie") ?? "", /; Secure$/);
  assert.equal((await login(bench, READ, { origin: "http://localhost:8880" })).status, 403);
});

Deno.test("wrong tokens have to wait, for their address only", async () => {
  using bench = setUp({ tokens: TOKENS });
  for (let attempt = 0; attempt < WRONG_TOKENS_MAX; attempt++) {
    assert.equal((await login(bench, `wrong-${attempt}`)).status, 401);
  }
  assert.equal((await login(bench, WRITE)).status, 429);
  const request = await bench.request("/metrics", { headers: bearer(WRITE) }, AFAR);
  assert.equal(request.status, 429);
  assert.equal((await login(bench, WRITE, {}, "192.0.2.10")).status, 303);
  bench.advance(60_000);
  assert.equal((await login(bench, WRITE)).status, 303);
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

Deno.test("Sessions end by themselves, and the oldest makes room", () => {
  const sessions = new Sessions();
  const first = `pulsebox_session=${sessions.begin("write", 0)}`;
  assert.equal(sessions.rightOf(`a=b; ${first}`, SESSION_MS - 1), "write");
  assert.equal(sessions.rightOf(first, SESSION_MS), undefined);
  assert.equal(sessions.size, 0);
  const oldest = `pulsebox_session=${sessions.begin("read", 0)}`;
  for (let count = 0; count < SESSIONS_MAX; count++) sessions.begin("read", 0);
  assert.equal(sessions.size, SESSIONS_MAX);
  assert.equal(sessions.rightOf(oldest, 1), undefined);
  assert.equal(sessions.rightOf("pulsebox_session=", 1), undefined);
  assert.equal(sessions.rightOf(null, 1), undefined);
});

Deno.test("LoginLimit remembers a bounded number of addresses", () => {
  const limit = new LoginLimit();
  for (let count = 0; count < WRONG_TOKENS_MAX; count++) limit.wrong("a", 0);
  assert.ok(limit.isOver("a", 1));
  for (let count = 0; count < 10_000; count++) limit.wrong(`b${count}`, 1);
  assert.ok(!limit.isOver("a", 2), "the oldest made room");
});
