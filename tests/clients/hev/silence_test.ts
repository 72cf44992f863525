import { strict as assert } from "node:assert";
import { GameClient, HevClient } from "../../../mod.ts";
import { tellUser } from "../../../src/net/user_callback.ts";
import { PulseboxProcess } from "../../cli/pulsebox_process.ts";
import { until, within } from "../../support/tcp.ts";

const PACKET = new TextEncoder().encode(
  JSON.stringify({ type: "broadcast", sensors: { pressure_buffer: 1 }, alarms: [] }),
);

Deno.test("HevClient notices a server that lost its power, and says up and down in turns", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const conns: Deno.Conn[] = [];
  const serving = (async () => {
    // As one that lost its power: it says something once, then nothing, and never closes.
    for await (const conn of listener) {
      conns.push(conn);
      await conn.write(PACKET);
    }
  })();
  const told: string[] = [];
  const details: string[] = [];
  const client = new HevClient({
    port: listener.addr.port,
    silenceMs: 100,
    backoffMsMax: 20,
    onStatus: (status) => {
      told.push(status.type);
      details.push(status.type === "up" ? status.peer : status.error.message);
    },
  });
  await until(() => told.length >= 5, "it connects anew");
  await within(client.close(), "the client ends");
  listener.close();
  for (const conn of conns) conn.close();
  await serving;
  assert.deepEqual(told.slice(0, 5), ["up", "down", "up", "down", "up"]);
  assert.match(
    details[1] ?? "",
    /^Not connected to 127\.0\.0\.1:\d+: nothing arrived for 100 ms, the values are old$/,
  );
  const age = client.valuesAgeMs();
  assert.ok(client.values() === undefined ? age === undefined : (age ?? -1) >= 0);
});

Deno.test("HevClient is not up while its server is frozen, and is again when it goes on", async () => {
  await using server = new PulseboxProcess([
    "--hev",
    "--no-console",
    "--hev-source=dump",
    "--hev-web-port=0",
    "--hev-native-port=0",
    "--hev-query-port=0",
  ]);
  const [, port] = await server.stderrHas(/tcp:\/\/127\.0\.0\.1:(\d+) role=hev/);
  const told: string[] = [];
  const client = new HevClient({
    port: Number(port),
    silenceMs: 2_000,
    backoffMsMax: 20,
    onStatus: ({ type }) => told.push(type),
  });
  await until(() => client.isConnected, "it is heard");
  server.signal("SIGSTOP");
  // The system takes each new connection, and nothing comes.
  await until(() => told.filter((type) => type !== "up").length >= 2, "it is silent twice");
  assert.deepEqual(told.slice(0, 3), ["up", "down", "failed"]);
  assert.equal(client.isConnected, false);
  assert.ok((client.valuesAgeMs() ?? 0) >= 2_000, "the values are as old as they are");
  server.signal("SIGCONT");
  await until(() => client.isConnected, "it is heard again");
  assert.equal(told.at(-1), "up");
  await within(client.close(), "the client ends");
});

Deno.test("HevClient says down once while the server is away", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const told: string[] = [];
  const client = new HevClient({
    port,
    backoffMsMax: 5,
    onStatus: ({ type }) => type !== "failed" && told.push(type),
  });
  for (let life = 0; life < 3; life++) {
    using conn = await listener.accept();
    await conn.write(PACKET);
  }
  listener.close();
  await until(() => told.at(-1) === "down", "it is away");
  await within(client.close(), "the client ends");
  for (const [index, state] of told.entries()) {
    assert.equal(state, index % 2 === 0 ? "up" : "down", told.join(" "));
  }
});

Deno.test("a callback that throws or rejects harms nobody and is written to standard error", async () => {
  const written: unknown[][] = [];
  const real = console.error;
  console.error = (...words) => void written.push(words);
  try {
    tellUser(() => {
      throw new Error("thrown");
    });
    tellUser(() => Promise.reject(new Error("rejected")));
    let heard = 0;
    await using client = new GameClient({ url: "http://127.0.0.1:1" });
    using _first = client.watch(() => {
      throw new Error("listener");
    });
    using _second = client.watch(() => heard++);
    await until(() => written.length === 3, "all are written");
    assert.equal(heard, 1);
  } finally {
    console.error = real;
  }
  assert.deepEqual(written.map(([, error]) => (error as Error).message).sort(), [
    "listener",
    "rejected",
    "thrown",
  ]);
});
