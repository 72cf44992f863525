/**
 * The session of a screen on a wall: it outlives the host, reads only, and ends with its token.
 */

import { strict as assert } from "node:assert";
import { TokenTable } from "../../src/console/tokens.ts";
import { WRONG_TOKENS_MAX } from "../../src/core/guess_limit.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";

const WALL = "wall-token-0123456789";
const READ = "read-token-0123456789";
const TOKENS = `wall ${WALL}\nread ${READ}\n`;
const AFAR = "192.0.2.9";

async function logIn(bench: Bench, token: string): Promise<Response> {
  return await bench.request("/login?view=wall&lang=de", {
    method: "POST",
    body: `token=${token}`,
    headers: {
      origin: "http://localhost:8880",
      "content-type": "application/x-www-form-urlencoded",
    },
  }, AFAR);
}

function cookieOf(response: Response): string {
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

Deno.test("a wall stays logged in over restarts of the host, for as long as browsers keep a cookie", async () => {
  const cookie = await (async () => {
    using bench = setUp({ tokens: TOKENS });
    const response = await logIn(bench, WALL);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "./?lang=de&view=wall");
    assert.match(
      response.headers.get("set-cookie") ?? "",
      /Max-Age=34560000; HttpOnly; SameSite=S/,
    );
    return cookieOf(response);
  })();
  using bench = setUp({ tokens: TOKENS });
  const page = await bench.request("/?view=wall", { headers: { cookie } }, AFAR);
  assert.equal(page.status, 200);
  assert.equal(cookieOf(page), cookie, "each visit begins its time anew");
});

Deno.test("a wall changes nothing, and its session ends with its token", async () => {
  using bench = setUp({ tokens: TOKENS });
  hear(bench, "tetris");
  const cookie = cookieOf(await logIn(bench, WALL));
  const headers = { cookie, origin: "http://localhost:8880" };
  const change = await bench.request(
    `${idPath("tetris")}/pause`,
    { method: "POST", headers },
    AFAR,
  );
  assert.equal(change.status, 403);
  const read = () => bench.request("/api/v1/members", { headers: { cookie } }, AFAR);
  assert.equal((await read()).status, 200);
  bench.access.replace(TokenTable.parse(`read ${READ}\n`));
  assert.equal((await read()).status, 401);
});

Deno.test("only a wall's token makes such a cookie, and guesses through it are counted", async () => {
  using bench = setUp({ tokens: TOKENS });
  const name = cookieOf(await logIn(bench, READ)).split("=")[0];
  const ask = (value: string) =>
    bench.request("/api/v1/members", { headers: { cookie: `${name}=${value}` } }, AFAR);
  assert.equal((await ask(`wall.${READ}`)).status, 401);
  assert.equal((await ask("wall.%E0%A4%A")).status, 401);
  let status = 401;
  for (let guess = 0; guess <= WRONG_TOKENS_MAX && status === 401; guess++) {
    ({ status } = await ask(`wall.guessed-token-${guess}-0123456789`));
  }
  assert.equal(status, 429);
  assert.equal((await ask(`wall.${WALL}`)).status, 200);
});
