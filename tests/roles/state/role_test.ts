import { strict as assert } from "node:assert";
import { ZmqPub } from "../../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import { get, heartbeatBody, nextTexts, post, startGameHost } from "./game_host.ts";

const texts = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => new TextDecoder().decode(frame));

Deno.test("StateRole answers the first heartbeat with a new, uncalibrated client", async () => {
  await using host = startGameHost({ timebombMs: 5_000 });
  const { status, json } = await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
  assert.equal(status, 200);
  const expected = { clientID: "1", state: "UNCALIBRATED", created: true, timebombMs: 5_000 };
  assert.deepEqual(json, expected);
  const again = await post(`${host.url}/heartbeat/update/`, heartbeatBody(1, 0));
  assert.deepEqual(again.json, { ...expected, created: false });
  assert.equal(host.members.roster("mlf")?.get("1")?.state, "ok");
});

Deno.test("StateRole refuses what is no heartbeat, and nothing comes of it", async () => {
  await using host = startGameHost();
  const bad = ["", "{", "[]", "{}", heartbeatBody("../x"), heartbeatBody("1", "FLYING")];
  for (const body of bad) {
    const { status, json } = await post(`${host.url}/Heartbeat/Update`, body);
    assert.equal(status, 422, body);
    assert.ok(Array.isArray((json as { detail: unknown }).detail));
  }
  const large = await fetch(`${host.url}/Heartbeat/Update`, {
    method: "POST",
    body: " ".repeat(16_385),
  });
  await large.body?.cancel();
  assert.equal(large.status, 413);
  assert.deepEqual((await get(`${host.url}/State/Clients`)).json, { clients: [] });
});

for (const transport of ["ws", "tcp"] as const) {
  Deno.test(`StateRole tells states over ${transport} to those who ask or come late`, async () => {
    await using host = startGameHost();
    const [pubUrl, subUrl] = transport === "ws" ? [host.pub, host.sub] : [host.tcpPub, host.tcpSub];
    await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
    await using sub = new ZmqSub(subUrl, { topics: ["OnStateChange1"] });
    const messages = sub[Symbol.asyncIterator]();
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"], "last value");
    await using pub = new ZmqPub(pubUrl);
    await pub.subscribed("GetClientState1");
    const askedAt = performance.now();
    pub.send(["GetClientState1", "hello"]);
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"], "question");
    assert.ok(performance.now() - askedAt < 1_000);
    pub.send(["GetClientState", "1"]);
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"], "old wording");
    pub.send(["SetClientState1", "RUNNING"]);
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"], "refused");
    pub.send(["SetClientState1", "CALIBRATED\0"]);
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "CALIBRATED"]);
    await post(`${host.url}/State/StartClient`, '{"clientID":"1"}');
    assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "RUNNING"]);
  });
}

Deno.test("StateRole answers requests, whatever the client's state", async () => {
  await using host = startGameHost();
  await using req = new ZmqReq(host.req);
  const ask = async (...words: string[]) => texts(await req.request(words));
  assert.deepEqual(await ask("GetClientState", "1"), ["ClientState", "1", "DISCONNECTED"]);
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("1"));
  assert.deepEqual(await ask("GetClientState", "1"), ["ClientState", "1", "UNCALIBRATED"]);
  assert.equal((await ask("SetClientState", "1", "RUNNING"))[0], "Error");
  const calibrated = ["ClientState", "1", "CALIBRATED"];
  assert.deepEqual(await ask("SetClientState", "1", "CALIBRATED"), calibrated);
  const [word, json = ""] = await ask("ListClients");
  assert.equal(word, "Clients");
  assert.equal(JSON.parse(json).clients[0].state, "CALIBRATED");
  assert.equal((await ask("Nonsense"))[0], "Error");
  assert.equal((await ask("SetClientState", "2", "CALIBRATED"))[0], "Error");
});

Deno.test("StateRole never tells client 1 what is for client 10, and groups keep working", async () => {
  await using host = startGameHost();
  for (const id of ["1", "10"]) await post(`${host.url}/Heartbeat/Update`, heartbeatBody(id));
  await using one = new ZmqSub(host.sub, { topics: ["OnStateChange1"] });
  await using all = new ZmqSub(host.sub, { topics: ["OnStateChange"] });
  const first = one[Symbol.asyncIterator]();
  const every = all[Symbol.asyncIterator]();
  assert.deepEqual(await nextTexts(first), ["OnStateChange1", "UNCALIBRATED"]);
  await all.connected();
  // An answer to a request of the same connection's age shows that the subscription is there.
  while (host.role.intermediary.xpub.topics < 2) await get(`${host.url}/State/Clients`);
  for (const id of ["10", "1"]) {
    const body = JSON.stringify({ clientID: id, state: "RUNNING" });
    assert.equal((await post(`${host.url}/State/ForceStateClient`, body)).status, 200);
  }
  assert.deepEqual(await nextTexts(first), ["OnStateChange1", "RUNNING"], "nothing of 10 before");
  assert.deepEqual(await nextTexts(every), ["OnStateChange10", "RUNNING"]);
  assert.deepEqual(await nextTexts(every), ["OnStateChange1", "RUNNING"]);
});

Deno.test("StateRole removes a silent client once, and takes it back uncalibrated", async () => {
  await using host = startGameHost({ timebombMs: 1_000 });
  const beat = () => post(`${host.url}/Heartbeat/Update`, heartbeatBody("1", "RUNNING"));
  await beat();
  const startedAt = performance.now();
  await using sub = new ZmqSub(host.sub, { topics: ["OnStateChange1"] });
  const messages = sub[Symbol.asyncIterator]();
  assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"]);
  assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "DISCONNECTED"]);
  assert.ok(performance.now() - startedAt >= 950, "not early");
  assert.deepEqual((await get(`${host.url}/State/Clients`)).json, { clients: [] });
  assert.deepEqual((await beat()).json, {
    clientID: "1",
    state: "UNCALIBRATED",
    created: true,
    timebombMs: 1_000,
  });
  assert.deepEqual(await nextTexts(messages), ["OnStateChange1", "UNCALIBRATED"]);
  assert.equal(host.notices.filter(({ type }) => type === "removed").length, 1);
});

Deno.test("StateRole lets operators command one client or all of them", async () => {
  await using host = startGameHost({ headsets: new Map([["hmd_07", "1"]]) });
  for (const id of ["1", "2"]) await post(`${host.url}/Heartbeat/Update`, heartbeatBody(id));
  const operate = (name: string, body = "") => post(`${host.url}/State/${name}`, body);
  assert.equal((await operate("StartClient", '{"clientID":"1"}')).status, 409);
  assert.equal((await operate("StartClient", '{"clientID":"9"}')).status, 404);
  assert.equal((await operate("StartClient", "{}")).status, 422);
  assert.equal((await operate("ForceStateClient", '{"clientID":"1","state":"UP"}')).status, 422);
  const forced = await operate("ForceStateAllClients", '{"state":"CALIBRATED"}');
  assert.deepEqual(forced.json, { done: ["1", "2"], refused: [] });
  assert.equal((await operate("startclient/", '{"clientID":"1"}')).status, 200);
  assert.deepEqual((await operate("StartAllClients")).json, { done: ["2"], refused: ["1"] });
  assert.equal((await operate("EmergencyAllClients", "{}")).status, 200);
  assert.deepEqual((await operate("LobbyAllClients", "{}")).json, {
    done: ["1", "2"],
    refused: [],
  });
  await using sub = new ZmqSub(host.sub, { topics: ["Calibrate"] });
  await sub.connected();
  while (host.role.intermediary.xpub.topics < 1) await get(`${host.url}/State/Clients`);
  assert.equal((await post(`${host.url}/Calibrate`, '{"hmdID":"hmd_07"}')).status, 200);
  assert.equal((await post(`${host.url}/Calibrate`, '{"hmdID":"hmd_99"}')).status, 404);
  const published = await nextTexts(sub[Symbol.asyncIterator]());
  assert.deepEqual(published, ["Calibrate1", "/GetJson?clientID=1"]);
});

Deno.test("StateRole gives out identities that nobody uses, over restarts too", async () => {
  const values = new Map<string, string>();
  const keeper = {
    get: (key: string) => values.get(key),
    set: (key: string, value: string | undefined) => void values.set(key, value ?? ""),
  };
  {
    await using host = startGameHost({ keeper });
    await post(`${host.url}/Heartbeat/Update`, heartbeatBody("2"));
    assert.equal((await get(`${host.url}/GetClientId`)).json, 1);
    assert.equal((await get(`${host.url}/getclientid`)).json, 3);
    assert.equal((await post(`${host.url}/ResetClientIds`, "")).status, 409);
  }
  await using host = startGameHost({ keeper });
  assert.equal((await get(`${host.url}/GetClientId`)).json, 4);
  assert.equal((await post(`${host.url}/ResetClientIds`, "")).json, null);
  assert.equal((await get(`${host.url}/GetClientId`)).json, 1);
});

Deno.test("StateRole serves calibrations from one folder and from nowhere else", async () => {
  const outside = await Deno.makeTempDir();
  const calibrationDirectory = `${outside}/calibration`;
  try {
    await Deno.mkdir(calibrationDirectory);
    await Deno.writeTextFile(`${outside}/secret.json`, '"secret"');
    await using host = startGameHost({ calibrationDirectory });
    assert.equal((await get(`${host.url}/GetJson`)).status, 404);
    await Deno.writeTextFile(`${calibrationDirectory}/calibration.json`, '{"pillar":1}');
    await Deno.writeTextFile(`${calibrationDirectory}/7.json`, '{"pillar":7}');
    await Deno.writeTextFile(`${calibrationDirectory}/8.json`, '{"pillar":');
    const common = await get(`${host.url}/getjson`);
    assert.deepEqual(common.json, { pillar: 1 });
    assert.equal(common.headers.get("x-calibration"), "default");
    for (const target of ["/GetJson?clientID=7", "/GetJson/7"]) {
      const own = await get(`${host.url}${target}`);
      assert.deepEqual(own.json, { pillar: 7 });
      assert.equal(own.headers.get("x-calibration"), "client");
      const etag = own.headers.get("etag") ?? "";
      const known = await get(`${host.url}${target}`, { "If-None-Match": etag });
      assert.equal(known.status, 304);
    }
    assert.equal((await get(`${host.url}/GetJson/8`)).status, 500, "half a file");
    for (const target of ["/GetJson/..%2Fsecret", "/GetJson?clientID=../secret"]) {
      assert.equal((await get(`${host.url}${target}`)).status, 422, target);
    }
    // No file is the own one of a client by the name of the common file, or of a part of a path.
    for (const id of ["..", "calibration"]) {
      const { headers } = await get(`${host.url}/GetJson?clientID=${id}`);
      assert.equal(headers.get("x-calibration"), "default", id);
    }
  } finally {
    await Deno.remove(outside, { recursive: true });
  }
});

Deno.test("StateRole makes 500 clients of 500 identities on 50 connections", async () => {
  await using host = startGameHost();
  const post = async (lane: number) => {
    for (let index = 0; index < 10; index++) {
      const response = await fetch(`${host.url}/Heartbeat/Update`, {
        method: "POST",
        body: heartbeatBody(`c${lane * 10 + index}`),
      });
      await response.body?.cancel();
      assert.equal(response.status, 200);
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, lane) => post(lane)));
  const { clients } = (await get(`${host.url}/State/Clients`)).json as { clients: unknown[] };
  assert.equal(clients.length, 500);
});

Deno.test("StateRole holds no connection of heartbeats that came on their own", async () => {
  await using host = startGameHost();
  const body = heartbeatBody("1");
  const request =
    `POST /Heartbeat/Update HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n` +
    `Connection: close\r\n\r\n${body}`;
  const { hostname, port } = new URL(host.url);
  for (let count = 0; count < 500; count++) {
    using conn = await Deno.connect({ hostname, port: Number(port) });
    await conn.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(1_024);
    const read = await conn.read(buffer) ?? 0;
    assert.match(new TextDecoder().decode(buffer.subarray(0, read)), /^HTTP\/1\.1 200 /);
    while (await conn.read(buffer) !== null) { /* until it ends */ }
  }
  assert.ok(host.role.metrics()['pulsebox_connections{role="state"}'] as number <= 1);
});

Deno.test("StateRole tells pages of other hosts what they may call, and everybody what is wrong", async () => {
  await using host = startGameHost();
  const call = async (method: string, path: string) => {
    const response = await fetch(`${host.url}${path}`, { method });
    await response.body?.cancel();
    return response;
  };
  const preflight = await call("OPTIONS", "/State/StartClient");
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /POST/);
  const wrong = await call("GET", "/Heartbeat/Update");
  assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST, OPTIONS"]);
  assert.equal((await call("HEAD", "/State/Clients")).status, 200);
  assert.equal((await call("GET", "/nothing")).status, 404);
  assert.equal((await call("GET", "/State/GetClientState")).status, 422);
  assert.equal((await call("GET", "/State/GetClientState?clientid=1")).status, 404);
});
