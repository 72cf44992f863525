/**
 * Who may do what at each HTTP entrance: every entrance is tried, and the table in docs/security.md is
 * what came out.
 */

import { strict as assert } from "node:assert";
import { type Operation, OPERATIONS } from "../src/console/api/operations.ts";
import { NOTIFICATION_FIELD } from "../src/core/entrance.ts";
import { OPTION_KEYS, optionOf } from "../src/appliance/settings/options.ts";
import { CalibrationFiles } from "../src/store/calibration_files.ts";
import { GameHttp } from "../src/roles/state/http.ts";
import type { ZmqDoor } from "../src/net/zmq/forwarder.ts";
import { encodeUpgradeRequest } from "../src/wire/websocket/upgrade.ts";
import { ZmtpEngine } from "../src/wire/zmtp/engine.ts";
import { type Bench, setUp } from "./console/bench.ts";
import { startGameHost } from "./roles/state/game_host.ts";
import { PulseboxHost } from "./cli/pulsebox_process.ts";
import { WholeHost } from "./cli/whole_host.ts";
import { Station } from "./roles/hev/station.ts";
import { RawClient, textOf } from "./support/tcp.ts";
import { client as identity } from "./wire/zmq/identities.ts";

const PAGE = new URL("../docs/security.md", import.meta.url);
const MARKS = ["<!-- entrances -->\n", "<!-- /entrances -->\n"] as const;

const TOKEN = "write-token-0123456789";
/** Who asks: what the request says, and where it comes from. */
const ASKERS = {
  "a page of others": {
    headers: { origin: "http://evil.example", "sec-fetch-site": "cross-site" },
  },
  "a name bent to this address": {
    headers: { host: "evil.example", origin: "http://evil.example" },
  },
  "a stranger on the network": { headers: {}, address: "192.0.2.9" },
  "a program of another user": { headers: {} },
} as const;

/** A status, and what a refusal says. */
interface Answer {
  readonly status: number;
  readonly text: string;
}
type Ask = (headers: Readonly<Record<string, string>>, address?: string) => Promise<Answer>;

const FLAGS = new Set(OPTION_KEYS.map((key) => `--${optionOf(key).flag}`));

/** Nobody is sent away without the option that decides. */
function assertNamesOption({ status, text }: Answer, entrance: string): void {
  if (status !== 401 && status !== 403) return;
  // What refuses an upgrade, or is no HTTP, says it in plain text.
  const { detail = "" } = text.startsWith("{") ? JSON.parse(text) : { detail: text };
  const named: string[] = detail.match(/--[a-z-]+/g) ?? [];
  assert.ok(named.length > 0 && named.every((flag) => FLAGS.has(flag)), `${entrance}: ${text}`);
}

/** What a status says to somebody who tried. */
function wordOf(status: number): string {
  if (status === 401) return "a token is asked for";
  if (status === 403 || status === 400) return "refused";
  return status === 303 ? "is sent to the login" : "answered";
}

async function outcomesOf(entrance: string, ask: Ask): Promise<string[]> {
  const outcomes: string[] = [];
  for (const asker of Object.values(ASKERS)) {
    const answer = await ask(asker.headers, "address" in asker ? asker.address : undefined);
    assertNamesOption(answer, entrance);
    outcomes.push(wordOf(answer.status));
  }
  return outcomes;
}

/** The row of a group of entrances, each of which has to answer alike. */
async function row(what: string, asks: ReadonlyMap<string, Ask>): Promise<string[]> {
  assert.ok(asks.size > 0, what);
  let row: string[] | undefined;
  for (const [entrance, ask] of asks) {
    const outcomes = await outcomesOf(entrance, ask);
    row ??= outcomes;
    assert.deepEqual(outcomes, row, `${what}: ${entrance}`);
  }
  return [what, ...row ?? []];
}

/** A stream of events has no end. */
async function answerOf(response: Response): Promise<Answer> {
  const { status } = response;
  if (status < 400) await response.body?.cancel();
  return { status, text: status < 400 ? "" : await response.text() };
}

/** The console's entrances by what they need. */
function consoleAsks(bench: Bench): Record<"public" | "shown" | "changed", Map<string, Ask>> {
  const ask = (method: string, path: string): Ask => async (headers, address) => {
    const response = await bench.request(path, { method, headers }, address);
    return await answerOf(response);
  };
  const asks = { public: new Map(), shown: new Map(), changed: new Map() };
  for (const path of ["/login", "/assets/page.css"]) asks.public.set(path, ask("GET", path));
  for (const path of ["/metrics", "/openapi.json"]) asks.shown.set(path, ask("GET", path));
  for (const { method, path } of Object.values<Operation>(OPERATIONS)) {
    const place = `/api/v1${path.replace("{id}", "hilbert%2Ftetris%20%40%20127.0.0.1")}`;
    const group = method === "get" ? asks.shown : asks.changed;
    group.set(`${method} ${path}`, ask(method.toUpperCase(), place));
  }
  return asks;
}

function realAsk(url: string, init: RequestInit & { headers?: Record<string, string> }): Ask {
  return async (headers) => {
    using client = Deno.createHttpClient({ allowHost: true });
    const response = await fetch(url, {
      ...init,
      headers: { ...init.headers, ...headers },
      client,
    });
    return await answerOf(response);
  };
}

async function gameRows(): Promise<string[][]> {
  await using open = startGameHost();
  await using guarded = startGameHost({ guard: { isOperatorToken: (token) => token === TOKEN } });
  const needs = [...new GameHttp(open.role.service, new CalibrationFiles(undefined)).needs];
  const asksOf = (url: string, wanted: string) =>
    new Map(
      needs.filter(([, need]) => need === wanted).map(([path]) => {
        const isGet = /^\/(?:getclientid|getjson|state\/(?:clients|getclientstate))$/.test(path);
        const post = { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" };
        return [path, realAsk(url + path, isGet ? {} : post)];
      }),
    );
  const { port } = new URL(open.url);
  const doors = Object.keys(DOORS).map((door): [string, Ask] => [door, upgradeAsk(port, door)]);
  const ports = [open.tcpPub, open.tcpSub].map((url): [string, Ask] => [url, zmtpAsk(url)]);
  return [
    await row("game server: heartbeats and questions", asksOf(open.url, "open")),
    await row("game server: operators' calls, no tokens", asksOf(open.url, "operate")),
    await row("game server: operators' calls, with tokens", asksOf(guarded.url, "operate")),
    await row("game server: ZeroMQ over WebSocket", new Map(doors)),
    await row("game server: ZeroMQ over TCP", new Map(ports)),
  ];
}

/** Every door for WebSocket; the compiler misses a new one. */
const DOORS: Readonly<Record<ZmqDoor, true>> = { pub: true, sub: true, req: true };

function upgradeAsk(port: string, door: string): Ask {
  return async (headers) => {
    using client = await RawClient.connect({ hostname: "127.0.0.1", port: Number(port) });
    const { host = "127.0.0.1", ...others } = headers;
    const lines = Object.entries(others).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const request = encodeUpgradeRequest({
      host,
      target: `/zmq/${door}`,
      nonce: new Uint8Array(16),
      subprotocols: ["ZWS2.0/NULL"],
    });
    await client.say(textOf(request).replace("\r\n\r\n", `\r\n${lines}\r\n`));
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(await client.hear("\r\n\r\n"))?.[1]);
    return { status, text: status === 101 ? "" : await client.hearAll() };
  };
}

/** What a page can send to a port that speaks no HTTP: a request, and its body in a packet of its own. */
async function sayAsPage(client: RawClient, body: string): Promise<void> {
  await client.say(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`);
  // It may have been ended by now, which is as good.
  await client.say(body).catch(() => {});
}

const isOfPage = (headers: Readonly<Record<string, string>>) => "origin" in headers;
const REFUSED: Answer = { status: 400, text: "" };
const ANSWERED: Answer = { status: 200, text: "" };

function zmtpAsk(url: string): Ask {
  return async (headers) => {
    using client = await RawClient.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(url).port),
    });
    const greeting = textOf(new ZmtpEngine(identity("SUB")).open());
    if (!isOfPage(headers)) {
      await client.say(greeting);
      await client.hear("READY");
      return ANSWERED;
    }
    await sayAsPage(client, greeting);
    await client.hearAll();
    return REFUSED;
  };
}

/** What is asked of an instrument by those who may ask for it all. */
const QUESTION = '{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":0}';

async function hevRow(): Promise<string[]> {
  await using station = new Station();
  const ask: Ask = async (headers) => {
    using client = await RawClient.connect({ hostname: "127.0.0.1", port: station.queryPort });
    if (isOfPage(headers)) await sayAsPage(client, QUESTION);
    else await client.say(QUESTION);
    return /"ack"/.test(await client.hearAll()) ? ANSWERED : REFUSED;
  };
  return await row("HEV: commands and acknowledgements", new Map([["query", ask]]));
}

function healthAsks(url: string): Map<string, Ask> {
  return new Map(["/healthz", "/readyz"].map((path) => [path, realAsk(url + path, {})]));
}

async function heartbeatRow(): Promise<string[]> {
  await using host = await PulseboxHost.start();
  const targets = [
    "hb_init?5000&appid=a",
    "hb_ping?5000&appid=a",
    "hb_done?0&appid=a",
    "list",
    "status",
  ];
  return await row(
    "heartbeats, `hb_done` too",
    new Map(targets.map((target) => [target, realAsk(`${host.url}/${target}`, {})])),
  );
}

Deno.test("docs/security.md says what every entrance does, as it was tried", async () => {
  await using console = await PulseboxHost.start();
  using open = setUp();
  using guarded = setUp({ tokens: `write ${TOKEN}\n` });
  const [free, known] = [consoleAsks(open), consoleAsks(guarded)];
  const rows = [
    ["entrance", ...Object.keys(ASKERS)],
    await row("console: `/healthz` and `/readyz`", healthAsks(console.consoleUrl)),
    await row("console: login and files of the page", new Map([...free.public, ...known.public])),
    await row("console: what it shows, no tokens", free.shown),
    await row("console: what it shows, with tokens", known.shown),
    await row("console: changes, no tokens", free.changed),
    await row("console: changes, with tokens", known.changed),
    await heartbeatRow(),
    ...await gameRows(),
    await hevRow(),
  ];
  const found = rows.map((cells) => cells.join(" | ")).join("\n");
  const text = await Deno.readTextFile(PAGE);
  const [begin, end] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  const written = text.slice(begin + MARKS[0].length, end).split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("| -"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()).join(" | "))
    .join("\n");
  assert.equal(written, found);
});

/** A path of each role, for a URL may have any. */
const NOTIFIED = ["/", "/hb_init?60000&appid=a", "/heartbeat/update", "/login", "/api/v1/pause"];

Deno.test("every HTTP port refuses a notification: a webhook's name may lead to this host", async () => {
  await using host = new WholeHost();
  const [said] = await host.process.stderrHas(/(?:.*\n)*.* role=console/);
  const ports = [...said.matchAll(/Listening on (http:\S+) role=(\w+)/g)];
  assert.deepEqual(ports.map(([, , role]) => role).sort(), ["console", "heartbeat", "state"]);
  for (const [, url] of ports) {
    for (const path of NOTIFIED) {
      const headers = { [NOTIFICATION_FIELD]: "lost", "content-type": "application/json" };
      const { status } = await realAsk(`${url}${path}`, { method: "POST", body: "{}" })(headers);
      // The game server knows its own paths alone.
      assert.ok(status === 403 || status === 404, `${url}${path}: ${status}`);
    }
  }
  const heartbeats = await fetch(`http://${await host.address("heartbeat")}/list`);
  assert.equal(await heartbeats.text(), "");
});
