import { strict as assert } from "node:assert";
import { ZmqPub } from "../../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../../src/clients/zmq/sub.ts";
import { ZmtpEngine } from "../../../src/wire/zmtp/engine.ts";
import { client } from "../../wire/zmq/identities.ts";
import { until, within } from "../../support/tcp.ts";
import { type GameHost, get, heartbeatBody, nextTexts, post, startGameHost } from "./game_host.ts";

/** What is answered with the present state of client 7, and why it is refused. */
const REFUSED: readonly { frames: readonly string[]; id: string; reason: RegExp }[] = [
  { frames: ["SetClientState7 RUNNING"], id: "7", reason: /^only the server sets RUNNING/ },
  { frames: ["SetClientState7\0RUNNING"], id: "7", reason: /^only the server sets RUNNING/ },
  { frames: ["SetClientState7", "running"], id: "7", reason: /^only the server sets RUNNING/ },
  { frames: ["SetClientState", "7 RUNNING"], id: "7", reason: /^only the server sets RUNNING/ },
  {
    frames: ["SetClientState7", "flying\u202e"],
    id: "7",
    reason: /^"flying\\u202e" is not a state$/,
  },
  { frames: ["SetClientState7"], id: "7", reason: /^"" is not a state$/ },
  { frames: ["SetClientState8", "CALIBRATED"], id: "8", reason: /^it has sent no heartbeat$/ },
  { frames: ["SetClientState"], id: "", reason: /^SetClientState names no client$/ },
  { frames: ["GetClientState../x"], id: "", reason: /^GetClientState names no client$/ },
];

/** A publisher and a subscriber of client 7, which is there. */
async function startGame(host: GameHost) {
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("7"));
  const sub = new ZmqSub(host.tcpSub, { topics: ["OnStateChange7", "OnStateChange8", "Timeline"] });
  const pub = new ZmqPub(host.tcpPub);
  const heard = sub[Symbol.asyncIterator]();
  assert.deepEqual(await nextTexts(heard), ["OnStateChange7", "UNCALIBRATED"], "the last value");
  await pub.subscribed("Timeline");
  return {
    heard,
    pub,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([sub.close(), pub.close()]);
    },
  };
}

for (const { frames, id, reason } of REFUSED) {
  Deno.test(`StateRole answers, tells once and counts ${JSON.stringify(frames)}`, async () => {
    await using host = startGameHost();
    await using game = await startGame(host);
    for (let time = 0; time < 3; time++) game.pub.send(frames);
    game.pub.send(["Timeline", "behind them"]);
    const state = id === "7" ? "UNCALIBRATED" : "DISCONNECTED";
    if (id !== "") assert.deepEqual(await nextTexts(game.heard), [`OnStateChange${id}`, state]);
    assert.deepEqual(
      await nextTexts(game.heard),
      ["Timeline", "behind them"],
      "one answer for all",
    );
    const refused = host.notices.filter((notice) => notice.type === "refused");
    assert.deepEqual(refused.map(({ clientId }) => clientId), [id]);
    assert.match(refused[0]?.reason ?? "", reason);
    assert.equal(host.role.metrics().mlf_refused_reports_total, 3);
    assert.equal(host.role.service.stateOf("7"), "UNCALIBRATED", "nothing has changed");
  });
}

for (const report of ["RUNNING", "CALIBRATED", "flying"]) {
  Deno.test(`a client that answers each state with ${report} makes no loop`, async () => {
    await using host = startGameHost();
    await using game = await startGame(host);
    let answers = 0;
    const listening = (async () => {
      for (let next = await game.heard.next(); !next.done; next = await game.heard.next()) {
        answers++;
        game.pub.send(["SetClientState7", report]);
      }
    })();
    game.pub.send(["SetClientState7", report]);
    for (let request = 0; request < 200; request++) await get(`${host.url}/State/Clients`);
    // One when it changed, one that it is no news, and as many as there were seconds.
    assert.ok(answers >= 1 && answers < 20, `${answers} answers`);
    await game[Symbol.asyncDispose]();
    await within(listening, "the subscriber ends");
  });
}

Deno.test("requests are answered with the reason, in either case of letters", async () => {
  await using host = startGameHost();
  await post(`${host.url}/Heartbeat/Update`, heartbeatBody("7"));
  await using req = new ZmqReq(host.req);
  const ask = async (...words: string[]) =>
    (await req.request(words)).map((frame) => new TextDecoder().decode(frame));
  assert.deepEqual(await ask("SetClientState", "7", "running"), [
    "Error",
    'Cannot set state to RUNNING: client "7" is UNCALIBRATED',
  ]);
  assert.deepEqual(await ask("SetClientState7 RUNNING"), [
    "Error",
    'Cannot answer "SetClientState7 RUNNING": known are GetClientState, SetClientState, ListClients',
  ]);
});

for (
  const [type, port, sentence] of [
    ["SUB", "tcpPub", "XSUB takes PUB or XPUB"],
    ["PUB", "tcpSub", "XPUB takes SUB or XSUB"],
  ] as const
) {
  Deno.test(`a ${type} at the wrong port is told so, and the host too`, async () => {
    const told: string[] = [];
    await using host = startGameHost({ onViolation: (problem) => told.push(problem) });
    using conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(host[port]).port),
    });
    await conn.write(new ZmtpEngine(client(type)).open());
    const said = await within(new Response(conn.readable).text(), "the host ends it");
    assert.ok(said.includes(`ERROR${String.fromCharCode(sentence.length)}${sentence}`), said);
    assert.deepEqual(told, [`Cannot connect: peer is "${type}", ${sentence}`]);
    assert.equal(host.role.metrics().mlf_zmq_violations_total, 1);
  });
}

for (const said of ["its signature, as libzmq does", "its greeting"] as const) {
  Deno.test(`a SUB that leaves the publishers' port after ${said} is told of`, async () => {
    const told: string[] = [];
    await using host = startGameHost({ onViolation: (problem) => told.push(problem) });
    const conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(host.tcpPub).port),
    });
    const hello = new ZmtpEngine(client("SUB")).open();
    await conn.write(hello.subarray(0, said === "its greeting" ? 64 : 10));
    await conn.read(new Uint8Array(1));
    conn.close();
    await until(() => told.length > 0, "the host tells it");
    assert.deepEqual(told, [
      "Cannot connect: peer left during the handshake, XSUB takes PUB or XPUB",
    ]);
    assert.equal(host.role.metrics().mlf_zmq_violations_total, 1);
  });
}
