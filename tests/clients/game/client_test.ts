import { strict as assert } from "node:assert";
import { GameClient } from "../../../src/clients/game/client.ts";
import type { ClientStatus } from "../../../src/net/client_status.ts";
import type { ClientState } from "../../../src/core/client_state.ts";
import { get, post, startGameHost } from "../../roles/state/game_host.ts";

/** Resolves when the client is in a state; fails after five seconds. */
async function reached(client: GameClient, wanted: ClientState): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`still ${client.state}`)), 5_000);
  using _watch = client.watch((state) => {
    if (state === wanted) resolve();
  });
  await promise.finally(() => clearTimeout(timer));
}

function states(client: GameClient): ClientState[] {
  const seen: ClientState[] = [];
  client.watch((state) => seen.push(state));
  return seen;
}

Deno.test("GameClient is disconnected at first and uncalibrated once the server knows it", async () => {
  await using host = startGameHost();
  await using client = new GameClient({ url: host.url, id: "1", intervalMs: 50 });
  const seen = states(client);
  await reached(client, "UNCALIBRATED");
  assert.deepEqual(seen, ["DISCONNECTED", "UNCALIBRATED"]);
  let reported: unknown;
  for (let asked = 0; reported !== "UNCALIBRATED" && asked < 2_000; asked++) {
    const { json } = await get(`${host.url}/State/GetClientState?clientID=1`);
    reported = (json as { reportedState: unknown }).reportedState;
  }
  assert.equal(reported, "UNCALIBRATED");
  assert.equal(client.channels, 1, "ZeroMQ was opened once");
});

Deno.test("GameClient asks for an identity if it has none", async () => {
  await using host = startGameHost();
  await using client = new GameClient({ url: host.url, intervalMs: 50 });
  await reached(client, "UNCALIBRATED");
  assert.equal(client.id, "1");
});

Deno.test("GameClient goes through the whole flow over WebSocket and TCP", async () => {
  await using host = startGameHost();
  for (
    const [id, urls] of Object.entries({
      "over-ws": {},
      "over-tcp": { publisherUrl: host.tcpPub, subscriberUrl: host.tcpSub },
    })
  ) {
    const commands: string[] = [];
    await using client = new GameClient({
      url: host.url,
      id,
      intervalMs: 50,
      ownCalibration: { pillar: [1, 2] },
      onCommand: (command) => commands.push(command),
      ...urls,
    });
    await reached(client, "CALIBRATED");
    assert.equal((await post(`${host.url}/State/StartClient`, `{"clientID":"${id}"}`)).status, 200);
    await reached(client, "RUNNING");
    assert.equal((await post(`${host.url}/State/LobbyClient`, `{"clientID":"${id}"}`)).status, 200);
    await reached(client, "CALIBRATED");
    assert.equal(commands[0], "START");
  }
});

Deno.test("GameClient comes and goes many times under one identity", async () => {
  await using host = startGameHost();
  for (let round = 0; round < 20; round++) {
    await using client = new GameClient({ url: host.url, id: "again", intervalMs: 50 });
    await reached(client, "UNCALIBRATED");
    await client.close();
    assert.equal(client.state, "DISCONNECTED");
    assert.equal(client.channels, 1);
  }
  assert.equal(host.role.service.clients.size, 1);
});

Deno.test("GameClient begins anew after the operator has removed it", async () => {
  await using host = startGameHost();
  await using client = new GameClient({ url: host.url, id: "1", intervalMs: 50 });
  await reached(client, "UNCALIBRATED");
  const seen = states(client);
  const gone = new Promise<void>((resolve) => {
    client.watch((state) => state === "DISCONNECTED" ? resolve() : undefined);
  });
  await post(`${host.url}/State/ForceStateClient`, '{"clientID":"1","state":"DISCONNECTED"}');
  await gone;
  await reached(client, "UNCALIBRATED");
  assert.deepEqual(seen, ["UNCALIBRATED", "DISCONNECTED", "UNCALIBRATED"]);
});

Deno.test("GameClient opens no ZeroMQ while nobody answers with 200", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(null, { status: 500 }),
  );
  const { promise: failed, resolve } = Promise.withResolvers<ClientStatus>();
  await using client = new GameClient({
    url: `http://127.0.0.1:${server.addr.port}`,
    id: "1",
    intervalMs: 50,
    onStatus: resolve,
  });
  const status = await failed;
  assert.ok(status.type === "failed");
  assert.equal(status.error.message, "Cannot send heartbeat: the server answers 500");
  assert.equal(client.channels, 0);
  assert.equal(client.state, "DISCONNECTED");
});

Deno.test("GameClient refuses at the door what is no URL of ZeroMQ", () => {
  for (const name of ["publisherUrl", "subscriberUrl"]) {
    assert.throws(() => new GameClient({ [name]: "nonsense" }), TypeError);
  }
});
