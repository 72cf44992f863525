import { strict as assert } from "node:assert";
import { parseCidr } from "../../../src/core/cidr.ts";
import { AddressFilter } from "../../../src/net/address_filter.ts";
import { ZmqPub } from "../../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import { CalibrationFiles } from "../../../src/store/calibration_files.ts";
import { GameHttp } from "../../../src/roles/state/http.ts";
import { SERVER_SPEECH } from "../../../src/wire/mlf/topics.ts";
import { type GameHost, heartbeatBody, nextTexts, post, startGameHost } from "./game_host.ts";

const FOREIGN = "http://evil.example";
const TOKEN = "write-token-0123456789";

/** The calls of the product's own table, as requests. */
function callsOf(host: GameHost): [path: string, need: string][] {
  return [...new GameHttp(host.role.service, new CalibrationFiles(undefined)).needs];
}

async function status(
  host: GameHost,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const isGet = /^\/(?:getclientid|getjson|state\/(?:clients|getclientstate))$/.test(path);
  const response = await fetch(
    host.url + path,
    isGet ? { headers } : {
      method: "POST",
      headers: { "content-type": "text/plain", ...headers },
      body: path === "/heartbeat/update"
        ? heartbeatBody("1")
        : JSON.stringify({ ...path.includes("all") ? {} : { clientID: "1" } }),
    },
  );
  await response.body?.cancel();
  return response.status;
}

Deno.test("operators' calls of foreign pages are refused, all others are taken as before", async () => {
  await using host = startGameHost();
  assert.ok(callsOf(host).filter(([, need]) => need === "operate").length >= 10);
  for (const [path, need] of callsOf(host)) {
    for (
      const headers of [
        { origin: FOREIGN },
        { origin: "null" },
        { origin: FOREIGN, "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "cross-site" },
      ]
    ) {
      const got = await status(host, path, headers);
      const what = `${path} ${JSON.stringify(headers)}: ${got}`;
      assert.equal(got === 403, need === "operate", what);
    }
    assert.notEqual(await status(host, path, {}), 403, `${path} of a program`);
    const own = await status(host, path, { origin: host.url.replace(/\d+$/, "3000") });
    assert.notEqual(own, 403, `${path} of a page of this host`);
    const response = await fetch(host.url + path, {
      method: "OPTIONS",
      headers: { origin: FOREIGN },
    });
    await response.body?.cancel();
    assert.equal(response.status, need === "operate" ? 403 : 204, path);
  }
});

Deno.test("a page that is listed may operate, and a token or an address is asked for", async () => {
  await using host = startGameHost({
    guard: {
      operatorOrigins: ["https://desk.example"],
      isOperatorToken: (token) => token === TOKEN,
    },
  });
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
  const path = "/State/EmergencyClient";
  const bearer = { authorization: `Bearer ${TOKEN}` };
  assert.equal(await status(host, path, { origin: "https://desk.example", ...bearer }), 200);
  assert.equal(await status(host, path, { origin: "https://desk.example" }), 401);
  assert.equal(await status(host, path, { origin: FOREIGN, ...bearer }), 403);
  assert.equal(await status(host, path, {}), 401);
  assert.equal(await status(host, path, { authorization: "Bearer wrong" }), 401);
  assert.equal(await status(host, path, bearer), 200);
  assert.equal(await status(host, "/heartbeat/update", {}), 200, "heartbeats need no token");
  await using listed = startGameHost({
    guard: { operators: only("127.0.0.1"), isOperatorToken: () => false },
  });
  await post(`${listed.url}/Heartbeat/Update`, heartbeatBody("1"));
  assert.equal(await status(listed, path, {}), 200, "an original operator's program is listed");
  await using others = startGameHost({ guard: { operators: only("192.0.2.0/24") } });
  assert.equal(await status(others, path, {}), 403);
});

function only(block: string): AddressFilter {
  const cidr = parseCidr(block);
  assert.ok(typeof cidr !== "string");
  return new AddressFilter({ allow: [cidr] });
}

/** A subscriber whose subscriptions the host has: it has been told the state of client 1. */
async function subscriber(
  host: GameHost,
  topic: string,
): Promise<{ sub: ZmqSub; heard: AsyncIterator<readonly Uint8Array[]> }> {
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
  const sub = new ZmqSub(host.tcpSub, { topics: [topic, "OnStateChange1"] });
  const heard = sub[Symbol.asyncIterator]();
  assert.equal((await nextTexts(heard))[0], "OnStateChange1");
  return { sub, heard };
}

Deno.test("nobody but the server speaks on its topics, whatever their form", async () => {
  await using host = startGameHost();
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("victim"));
  const { sub, heard } = await subscriber(host, "");
  await using _ = sub;
  await using pub = new ZmqPub(host.tcpPub);
  await using other = new ZmqPub(host.pub);
  for (const publisher of [pub, other]) {
    await publisher.subscribed("");
    for (const name of SERVER_SPEECH) {
      publisher.send([`${name}victim`, "RUNNING"]);
      publisher.send([`${name}victim RUNNING`]);
      publisher.send([name, "victim RUNNING"]);
    }
    // An original client hears the topic in the spelling of its build; any other is none of ours.
    publisher.send(["CALIBRATE/victim", ""]);
    publisher.send(["Timeline", "00:01"]);
    assert.deepEqual(await nextTexts(heard), ["Timeline", "00:01"], "the first that is heard");
  }
  assert.equal(host.role.metrics().mlf_zmq_refused_total, 2 * (3 * SERVER_SPEECH.length + 1));
  const refused = host.notices.filter(({ type }) => type === "refused");
  assert.equal(refused.length, 1, "told once, not each time");
});

Deno.test("an installation that relays its own topics says so", async () => {
  await using host = startGameHost({ guard: { ownTopics: "of everybody" } });
  const { sub, heard } = await subscriber(host, "OnCommand");
  await using _ = sub;
  await using pub = new ZmqPub(host.tcpPub);
  await pub.subscribed("");
  pub.send(["OnStateChange1", "RUNNING"]);
  assert.deepEqual(await nextTexts(heard), ["OnStateChange1", "RUNNING"]);
});

Deno.test("states are reported from listed addresses only", async () => {
  for (const [block, expected] of [["192.0.2.0/24", "UNCALIBRATED"], ["127.0.0.1", "CALIBRATED"]]) {
    await using host = startGameHost({ guard: { publishers: only(block as string) } });
    await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
    await using pub = new ZmqPub(host.tcpPub);
    await pub.subscribed("");
    const { sub, heard } = await subscriber(host, "Timeline");
    await using _ = sub;
    pub.send(["SetClientState1", "CALIBRATED"]);
    pub.send(["Timeline", "behind it"]);
    while ((await nextTexts(heard))[0] !== "Timeline");
    assert.equal(host.role.service.stateOf("1"), expected);
    await using req = new ZmqReq(host.req);
    const [word] = await req.request(["SetClientState", "1", "RUNNING"]);
    const isTaken = expected === "CALIBRATED";
    assert.equal(new TextDecoder().decode(word), isTaken ? "ClientState" : "Error");
  }
});

Deno.test("a foreign page opens no door of the channel, a page of this host and a listed one do", async () => {
  await using host = startGameHost({ guard: { channelOrigins: ["https://games.example"] } });
  const { hostname, port } = new URL(host.url);
  for (const door of ["pub", "sub", "req", "zmq/pub", "zmq/sub", "zmq/req"]) {
    const upgrade = async (more: string) => {
      using conn = await Deno.connect({ hostname, port: Number(port) });
      const head = `GET /${door} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
        "Connection: Upgrade\r\nSec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==\r\n" +
        `Sec-WebSocket-Protocol: ZWS2.0\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
      await conn.write(new TextEncoder().encode(head));
      const buffer = new Uint8Array(12);
      await conn.read(buffer);
      return new TextDecoder().decode(buffer).slice(9);
    };
    assert.equal(await upgrade(`Origin: ${FOREIGN}\r\n`), "403", door);
    assert.equal(await upgrade("Origin: null\r\n"), "403", door);
    assert.equal(await upgrade("Origin: https://games.example\r\n"), "101", door);
    assert.equal(await upgrade(`Origin: http://${hostname}:3000\r\n`), "101", door);
    assert.equal(await upgrade(""), "101", door);
  }
});

Deno.test("with PLAIN only who has the password publishes, and only as long as it is one", async () => {
  let password = "write-token-0123456789";
  await using host = startGameHost({ isPublisherPassword: (text) => text === password });
  await using pub = new ZmqPub(host.tcpPub, {
    credentials: { username: "any", password },
  });
  await pub.subscribed("");
  const { sub, heard } = await subscriber(host, "Timeline");
  await using _ = sub;
  pub.send(["Timeline", "1"]);
  assert.deepEqual(await nextTexts(heard), ["Timeline", "1"]);
  assert.equal(host.role.metrics()['mlf_zmq_peers{side="publisher"}'], 1);
  host.role.tokensChanged();
  assert.equal(host.role.metrics()['mlf_zmq_peers{side="publisher"}'], 1, "it is still one");
  password = "another-token-0123456789";
  host.role.tokensChanged();
  await until(() => host.role.metrics()['mlf_zmq_peers{side="publisher"}'] === 0);
});

Deno.test("with PLAIN a wrong password is a guess, and other violations are none", async () => {
  const guesses: string[] = [];
  const violations: string[] = [];
  await using host = startGameHost({
    guard: { onWrongToken: (address) => guesses.push(address) > 100 },
    isPublisherPassword: (text) => text === "write-token-0123456789",
    onViolation: (message) => violations.push(message),
  });
  await using _wrong = new ZmqPub(host.tcpPub, {
    credentials: { username: "any", password: "guessed" },
    limits: { reconnectMs: 60_000 },
  });
  await until(() => violations.length > 0);
  assert.deepEqual(guesses, ["127.0.0.1"]);
  await using _silent = new ZmqPub(host.tcpPub, { limits: { reconnectMs: 60_000 } });
  await until(() => violations.length > 1);
  assert.deepEqual(guesses, ["127.0.0.1"], "who has no password guesses none");
});

async function until(isSo: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  while (!isSo()) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve));
  }
}
