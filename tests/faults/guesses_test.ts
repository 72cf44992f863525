/**
 * Wrong tokens at every entrance of a host that takes tokens: all of them are counted together, the
 * operator hears of it, and who has a right token gets in all the same.
 */

import { strict as assert } from "node:assert";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../src/clients/zmq/req.ts";
import { WRONG_TOKENS_MAX } from "../../src/core/guess_limit.ts";
import { CalibrationFiles } from "../../src/store/calibration_files.ts";
import { GameHttp } from "../../src/roles/state/http.ts";
import { WholeHost } from "../cli/whole_host.ts";
import { startGameHost } from "../roles/state/game_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { within } from "../support/tcp.ts";

const RIGHT = "write-token-0123456789";

/** Tries a token at an entrance: `in` if it was taken; a status if HTTP can tell it. */
type Entrance = (token: string) => Promise<"in" | "out" | number>;

async function entrancesOf(host: WholeHost): Promise<Map<string, Entrance>> {
  const console = `http://${await host.address("console")}`;
  const game = `http://${await host.address("state")}`;
  const publishers = `tcp://${await host.address("state", "tcp")}`;
  const web = game.replace("http", "ws");
  const entrances = new Map<string, Entrance>([
    ["console", asked(`${console}/api/v1/members`)],
    ["login", (token) => loggedIn(`${console}/login`, token)],
    ["tcp", published(publishers)],
    ["/zmq/pub", published(`${web}/zmq/pub`)],
    ["/zmq/req", requested(`${web}/zmq/req`)],
  ]);
  await using role = startGameHost();
  for (
    const [path, need] of new GameHttp(role.role.service, new CalibrationFiles(undefined)).needs
  ) {
    if (need === "operate") entrances.set(path, asked(game + path, { method: "POST", body: "{}" }));
  }
  return entrances;
}

function asked(url: string, init: RequestInit = {}): Entrance {
  return async (token) => {
    const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } });
    await response.body?.cancel();
    const { status } = response;
    return status === 401 || status === 429 ? status : "in";
  };
}

async function loggedIn(url: string, token: string): Promise<"in" | number> {
  const body = new URLSearchParams({ token });
  const response = await fetch(url, { method: "POST", body, redirect: "manual" });
  await response.body?.cancel();
  return response.status === 303 ? "in" : response.status;
}

function published(url: string): Entrance {
  return async (token) => {
    const { promise: out, resolve } = Promise.withResolvers<"out">();
    await using pub = new ZmqPub(url, {
      credentials: { username: "any", password: token },
      onStatus: ({ type }) => type === "down" && resolve("out"),
    });
    return await within(Promise.race([out, pub.subscribed("").then(() => "in" as const)]), url);
  };
}

function requested(url: string): Entrance {
  return async (token) => {
    const { promise: out, resolve } = Promise.withResolvers<"out">();
    await using req = new ZmqReq(url, {
      credentials: { username: "any", password: token },
      onStatus: ({ type }) => type === "down" && resolve("out"),
    });
    const reply = req.request(["GetClientState", "1"]).then(() => "in" as const);
    reply.catch(() => {});
    return await within(Promise.race([out, reply]), url);
  };
}

Deno.test("wrong tokens are counted together at all entrances, and lock out no right one", async () => {
  using directory = temporaryDirectory();
  const tokens = `${directory.path}/tokens`;
  await Deno.writeTextFile(tokens, `write ${RIGHT}\n`, { mode: 0o600 });
  await using host = new WholeHost([`--token-file=${tokens}`, "--state-plain"]);
  const entrances = await entrancesOf(host);
  const console = await host.address("console");
  const wrongTokens = async () => {
    const headers = { authorization: `Bearer ${RIGHT}` };
    const text = await (await fetch(`http://${console}/metrics`, { headers })).text();
    return Number(/^pulsebox_wrong_tokens_total (\d+)$/m.exec(text)?.[1]);
  };
  let tried = 0;
  for (const [name, attempt] of entrances) {
    const before = await wrongTokens();
    const outcome = await attempt(`wrong-token-${++tried}-0123456789`);
    // A publisher tries again by itself.
    assert.ok(await wrongTokens() > before, `${name}: ${outcome}, and was not counted`);
    assert.notEqual(outcome, "in", name);
  }
  while (await wrongTokens() < WRONG_TOKENS_MAX) {
    await entrances.get("console")?.(`wrong-token-${++tried}-0123456789`);
  }
  for (const [name, attempt] of entrances) {
    const outcome = await attempt("wrong-token-again-0123456789");
    assert.ok(outcome === 429 || outcome === "out", `${name}: ${outcome}`);
    assert.equal(await attempt(RIGHT), "in", name);
  }
  await host.process.stderrHas(/wrong tokens came from 127\.0\.0\.1/);
});
