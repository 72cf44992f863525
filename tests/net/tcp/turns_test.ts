import { strict as assert } from "node:assert";
import { Turns } from "../../../src/net/tcp/turns.ts";
import { eventually } from "../../support/eventually.ts";

/** Rounds of a busy one after which everybody else has been heard. */
const ROUNDS_MAX = 3;

async function connectionTo(listener: Deno.TcpListener): Promise<[Deno.TcpConn, Deno.TcpConn]> {
  const { port } = listener.addr as Deno.NetAddr;
  return await Promise.all([Deno.connect({ hostname: "127.0.0.1", port }), listener.accept()]);
}

Deno.test("Turns lets others be heard who have sent something meanwhile", async () => {
  using turns = new Turns();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [peer, conn] = await connectionTo(listener);
  const rounds: number[] = [];
  for (let count = 0; count < 50; count++) {
    const heard: unknown[] = [];
    const hearing = conn.read(new Uint8Array(16)).then((bytes) => heard.push(bytes));
    await turns.othersFirst();
    await peer.write(new Uint8Array(1));
    let waited = 0;
    for (; heard.length === 0; waited++) await turns.othersFirst();
    rounds.push(waited);
    await hearing;
  }
  assert.ok(Math.max(...rounds) <= ROUNDS_MAX, `heard after ${rounds.join(", ")} rounds`);
  peer.close();
  conn.close();
});

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

Deno.test("Turns of many servers cost two descriptors, and none once all are closed", async () => {
  const before = descriptors();
  const has = (more: number) =>
    eventually(`state with ${more} more descriptors`, () => descriptors() - before === more);
  const servers = Array.from({ length: 8 }, () => new Turns());
  for (const turns of servers) await turns.othersFirst();
  await Promise.all(servers.map((turns) => turns.othersFirst()));
  await has(2);
  const [last, ...others] = servers;
  for (const turns of others) turns.close();
  await last?.othersFirst();
  await has(2);
  last?.close();
  await has(0);
  using later = new Turns();
  await later.othersFirst();
  await has(2);
});

Deno.test("Turns outlive the end of their own connection, and use another", async () => {
  const { connect } = Deno;
  const made: Deno.Conn[] = [];
  const connectAndKeep = async (options: Deno.ConnectOptions) => {
    const conn = await connect(options);
    made.push(conn);
    return conn;
  };
  Object.assign(Deno, { connect: connectAndKeep });
  try {
    using turns = new Turns();
    await turns.othersFirst();
    const reset = () => Promise.reject(new Deno.errors.ConnectionReset("Connection reset by peer"));
    for (const conn of made) Object.assign(conn, { write: reset });
    await turns.othersFirst();
    await turns.othersFirst();
    assert.equal(made.length, 2);
  } finally {
    Object.assign(Deno, { connect });
  }
});

Deno.test("Turns are shared by all who wait, and end with their server", async () => {
  const turns = new Turns();
  const first = turns.othersFirst();
  assert.equal(turns.othersFirst(), first);
  await first;
  assert.notEqual(turns.othersFirst(), first);
  turns.close();
  await turns.othersFirst();
});
