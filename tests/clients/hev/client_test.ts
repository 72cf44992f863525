import { strict as assert } from "node:assert";
import { HevClient } from "../../../src/clients/hev/client.ts";
import { within } from "../../support/tcp.ts";

const LOOPBACK = "127.0.0.1";
const SEED = '{"sensors":{"version":160,"pressure_buffer":144},"alarms":["APNEA"]}';
const NUL = '{"type":"DATA","DATA":{"version":170},"alarms":[' +
  '{"alarm_type":"PRIORITY_HIGH","alarm_code":"APNEA"}]}\0';

/** A server that a test plays: it waits for a connection, then says and hears text. */
class Server implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #conns: Deno.TcpConn[] = [];

  constructor(port = 0) {
    this.#listener = Deno.listen({ hostname: LOOPBACK, port });
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async accept(): Promise<Deno.TcpConn> {
    const conn = await within(this.#listener.accept(), "the client connects");
    this.#conns.push(conn);
    return conn;
  }

  /** Takes one request and replies; gives the request. */
  async reply(text: string | undefined): Promise<string> {
    const conn = await this.accept();
    const buffer = new Uint8Array(4_096);
    const count = await within(conn.read(buffer), "a request") ?? 0;
    if (text !== undefined) await conn.write(new TextEncoder().encode(text));
    conn.closeWrite().catch(() => {});
    return new TextDecoder().decode(buffer.subarray(0, count));
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const conn of this.#conns) {
      try {
        conn.close();
      } catch {
        // Closed by the test.
      }
    }
  }
}

async function say(conn: Deno.TcpConn, text: string): Promise<void> {
  await conn.write(new TextEncoder().encode(text));
}

Deno.test("HevClient has the values and alarms of either dialect", async () => {
  using server = new Server();
  await using client = new HevClient({ port: server.port });
  assert.equal(client.values(), undefined);
  assert.deepEqual(client.alarms(), []);
  const packets = client.packets();
  const conn = await server.accept();
  await say(conn, SEED + SEED);
  await within(packets.next(), "a packet");
  assert.deepEqual(client.values(), { version: 160, pressure_buffer: 144 });
  assert.deepEqual(client.alarms(), ["APNEA"]);
  await within(packets.next(), "the packet that came along");
  await say(conn, NUL);
  await within(packets.next(), "a packet of the newer dialect");
  assert.deepEqual(client.values(), { version: 170 });
  assert.deepEqual(client.alarms(), [{ alarm_type: "PRIORITY_HIGH", alarm_code: "APNEA" }]);
  assert.equal(client.skippedBytes, 0);
});

Deno.test("HevClient comes back when the server does", async () => {
  const told: string[] = [];
  const before = new Server();
  const { port } = before;
  before[Symbol.dispose]();
  const down = Promise.withResolvers<void>();
  await using client = new HevClient({
    port,
    backoffMsMax: 300,
    onStatus: ({ type }) => {
      if (type !== "failed") told.push(type);
      if (type === "down") down.resolve();
    },
  });
  const packets = client.packets();
  await within(down.promise, "it is told that nobody listens");
  assert.equal(client.isConnected, false);
  using server = new Server(port);
  await say(await server.accept(), SEED);
  await within(packets.next(), "a packet");
  assert.equal(client.isConnected, true);
  assert.deepEqual(told, ["down", "up"]);
});

Deno.test("HevClient connects again after the server has ended the connection", async () => {
  using server = new Server();
  const told: string[] = [];
  await using client = new HevClient({
    port: server.port,
    onStatus: ({ type }) => told.push(type),
  });
  const packets = client.packets();
  const [first, second] = [await server.accept(), server.accept()];
  await say(first, SEED);
  assert.equal((await within(packets.next(), "a packet")).value?.dialect, "seed");
  first.close();
  await say(await second, NUL);
  assert.equal((await within(packets.next(), "a packet")).value?.dialect, "nul");
  assert.deepEqual(told, ["up", "down", "up"]);
});

Deno.test("HevClient asks in the dialect of the packets", async () => {
  using server = new Server();
  using query = new Server();
  await using client = new HevClient({ port: server.port, queryPort: query.port });
  const packets = client.packets();
  const conn = await server.accept();
  const first = query.reply('{"type": "ack"}');
  assert.equal(await client.sendCmd("GENERAL", "START"), true);
  assert.equal(
    await first,
    '{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":null}',
  );
  await say(conn, NUL);
  await within(packets.next(), "a packet");
  const second = query.reply('{"type": "nack"}\0');
  assert.equal(await client.sendCmd("SET_PID", "KP", 0.5), false);
  assert.equal(await second, '{"type":"CMD","cmdtype":"SET_PID","cmd":"KP","param":0.5}\0');
});

Deno.test("HevClient acknowledges alarms by name and by entry", async () => {
  using query = new Server();
  await using client = new HevClient({ port: 1, queryPort: query.port });
  const byName = query.reply('{"type": "ack"}');
  assert.equal(await client.ackAlarm("APNEA"), true);
  assert.equal(await byName, '{"type":"alarm","ack":"APNEA"}');
  const byEntry = query.reply('{"type": "ack"}\0');
  assert.equal(
    await client.ackAlarm({ alarm_type: "PRIORITY_HIGH", alarm_code: "APNEA", version: 1 }),
    true,
  );
  assert.equal(
    await byEntry,
    '{"type":"ALARM","alarm_type":"PRIORITY_HIGH","alarm_code":"APNEA","param":null}\0',
  );
});

Deno.test("HevClient says in one sentence why there was no reply", async () => {
  using query = new Server();
  await using client = new HevClient({ port: 1, queryPort: query.port, timeoutMs: 200 });
  const refused = assert.rejects(
    client.sendCmd("GENERAL", "START"),
    /^HevError: Cannot ask HEV server at 127\.0\.0\.1:\d+: no reply within/,
  );
  await query.accept();
  await refused;
  const silence = query.reply(undefined);
  await assert.rejects(client.sendCmd("GENERAL", "START"), /the reply is "", must be JSON/);
  await silence;
  await using nobody = new HevClient({ port: 1, queryPort: 1 });
  await assert.rejects(nobody.ackAlarm("APNEA"), /nothing listens there/);
});

Deno.test("HevClient ends its readers when its signal does", async () => {
  using server = new Server();
  const ending = new AbortController();
  const client = new HevClient({ port: server.port, signal: ending.signal });
  const conn = await server.accept();
  await say(conn, SEED);
  let count = 0;
  for await (const packet of client.packets()) {
    assert.equal(packet.dialect, "seed");
    count++;
    ending.abort();
  }
  assert.equal(count, 1);
  await client.close();
  assert.equal((await client.packets().next()).done, true);
});
