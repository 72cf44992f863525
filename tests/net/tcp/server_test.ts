import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers";
import { Resets } from "../../../scripts/torture/resets.ts";
import { LINGER_BYTES_MAX } from "../../../src/net/tcp/connection_limits.ts";
import type { Connection } from "../../../src/net/tcp/connection.ts";
import { TURN_BYTES_MAX } from "../../../src/net/tcp/inflow.ts";
import { ListenError } from "../../../src/net/listen_error.ts";
import { TcpServer, type TcpServerOptions } from "../../../src/net/tcp/server.ts";
import { UNASKED_BYTES_MAX } from "../../../src/net/tcp/unasked_bytes.ts";
import { RawClient, textOf, within } from "../../support/tcp.ts";

/** A server whose connections are handed out in the order in which they are accepted. */
class Bench implements AsyncDisposable {
  readonly server: TcpServer;
  readonly faults: unknown[] = [];
  #arrived: ((connection: Connection) => void)[] = [];
  readonly #waiting: Connection[] = [];

  constructor(options: Partial<TcpServerOptions> = {}) {
    this.server = TcpServer.listen({
      addresses: [{ hostname: "127.0.0.1", port: 0 }],
      serve: async (connection) => {
        const next = this.#arrived.shift();
        if (next === undefined) this.#waiting.push(connection);
        else next(connection);
        await connection.ended();
      },
      onError: (error) => this.faults.push(error),
      ...options,
    });
  }

  get address(): { hostname: string; port: number } {
    const [address] = this.server.addresses;
    assert(address !== undefined);
    return address;
  }

  /** The next connection that is served. */
  next(): Promise<Connection> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    const { promise, resolve } = Promise.withResolvers<Connection>();
    this.#arrived.push(resolve);
    return within(promise, "a connection is served");
  }

  /** Connects, and gives both ends. */
  async pair(hostname = "127.0.0.1"): Promise<{ client: RawClient; connection: Connection }> {
    const client = await RawClient.connect({ hostname, port: this.address.port });
    return { client, connection: await this.next() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }
}

Deno.test("TcpServer sheds the silent before the half before the idle, and never the busy", async () => {
  await using bench = new Bench({ limits: { connectionsMax: 4, drainMs: 10 } });
  const idle = await bench.pair();
  const busy = await bench.pair();
  const half = await bench.pair();
  const silent = await bench.pair();
  idle.connection.enter("idle", Infinity);
  busy.connection.enter("busy", Infinity);
  half.connection.enter("opening", Infinity);
  const victims = [silent, half, idle];
  const newcomers: { client: RawClient; connection: Connection }[] = [];
  for (const victim of victims) {
    const newcomer = await bench.pair();
    newcomer.connection.enter("busy", Infinity);
    newcomers.push(newcomer);
    assert.equal(await within(victim.connection.ended(), "victim ends"), "shed");
    assert.equal(await victim.client.hearAll(), "");
  }
  // Now all four are busy: the newcomer has to go.
  using late = await RawClient.connect(bench.address);
  assert.equal(await late.hearAll(), "");
  assert.equal(busy.connection.closeReason, undefined);
  assert.equal(bench.server.connections, 4);
  assert.deepEqual(bench.server.counters.closed, { shed: 3, refused: 1 });
  for (const { client } of [...victims, busy, ...newcomers]) client.close();
});

Deno.test("TcpServer sheds the idle connection that was active least recently", async () => {
  let now = 0;
  const clock = { now: () => now, wall: () => 0 };
  await using bench = new Bench({ limits: { connectionsMax: 3 }, clock });
  // The cheap clock may be some milliseconds old: it is let go by closing it.
  bench.server.deadlines.clock.close();
  const pairs = [await bench.pair(), await bench.pair(), await bench.pair()];
  for (const { connection } of pairs) {
    now++;
    connection.enter("idle", Infinity);
  }
  now++;
  pairs[0]?.connection.touch();
  const newcomer = await bench.pair();
  assert.deepEqual(pairs.map(({ connection }) => connection.closeReason), [
    undefined,
    "shed",
    undefined,
  ]);
  for (const { client } of [...pairs, newcomer]) client.close();
});

Deno.test("TcpServer makes a crowded address pay for itself", async () => {
  await using bench = new Bench({ limits: { connectionsMax: 100, connectionsPerAddressMax: 2 } });
  const other = await bench.pair();
  const sockets: Socket[] = [];
  const connectFrom = async (localAddress: string): Promise<Connection> => {
    const socket = connect({ host: "127.0.0.1", port: bench.address.port, localAddress });
    socket.on("error", () => {});
    socket.resume();
    sockets.push(socket);
    return await bench.next();
  };
  const crowd = [await connectFrom("127.0.0.2"), await connectFrom("127.0.0.2")];
  const newcomer = await connectFrom("127.0.0.2");
  assert.equal(newcomer.peer.hostname, "127.0.0.2");
  assert.deepEqual(crowd.map(({ closeReason }) => closeReason), ["shed", undefined]);
  assert.equal(other.connection.closeReason, undefined);
  for (const connection of [...crowd, newcomer]) connection.enter("busy", Infinity);
  const refused = connect({
    host: "127.0.0.1",
    port: bench.address.port,
    localAddress: "127.0.0.2",
  });
  refused.on("error", () => {});
  refused.resume();
  await within(once(refused, "close"), "the newcomer is refused");
  assert.equal(bench.server.counters.closed.refused, 1);
  for (const connection of [...crowd, newcomer]) connection.close();
  await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, "close")));
  other.client.close();
});

/** A client from an address of its own. */
async function pairFrom(bench: Bench, localAddress: string) {
  const client = connect({ host: "127.0.0.1", port: bench.address.port, localAddress });
  client.on("error", () => {});
  client.resume();
  return { client, connection: await bench.next() };
}

Deno.test("TcpServer lets a crowd make room for those of other addresses, busy or not", async () => {
  for (const phase of ["silent", "busy"] as const) {
    await using bench = new Bench({ limits: { connectionsMax: 5, drainMs: 10 } });
    const other = await pairFrom(bench, "127.0.0.9");
    const crowd = [];
    for (let count = 0; count < 4; count++) crowd.push(await pairFrom(bench, "127.0.0.2"));
    for (const { connection } of [other, ...crowd]) connection.enter(phase, Infinity);
    const newcomer = await pairFrom(bench, "127.0.0.3");
    newcomer.connection.enter("busy", Infinity);
    // The other has been there for longest, but it is alone.
    assert.equal(other.connection.closeReason, undefined, phase);
    const shed = crowd.filter(({ connection }) => connection.closeReason === "shed");
    assert.equal(shed.length, 1, phase);
    assert.equal(newcomer.connection.closeReason, undefined, phase);
    const all = [other, ...crowd, newcomer];
    for (const { connection } of all) connection.close();
    await Promise.all(all.map(({ client }) => client.destroyed || once(client, "close")));
  }
});

Deno.test("TcpServer listens on several addresses and shows IPv4 peers as such", async () => {
  await using bench = new Bench({
    addresses: [{ hostname: "127.0.0.1", port: 0 }, { hostname: "::", port: 0 }],
  });
  const [first, second] = bench.server.addresses;
  assert(first !== undefined && second !== undefined);
  for (
    const [hostname, port, peer] of [
      ["127.0.0.1", first.port, "127.0.0.1"],
      ["127.0.0.1", second.port, "127.0.0.1"],
      ["::1", second.port, "::1"],
    ] as const
  ) {
    using client = await RawClient.connect({ hostname, port });
    const connection = await bench.next();
    assert.equal(connection.peer.hostname, peer);
    assert.equal(connection.local.hostname, peer);
    assert.equal(connection.local.port, port);
    client.close();
  }
});

Deno.test("TcpServer says in one line why it cannot listen", async () => {
  await using bench = new Bench();
  const { port } = bench.address;
  assert.throws(
    () => new Bench({ addresses: [{ hostname: "127.0.0.1", port: 0 }, bench.address] }),
    (error) =>
      error instanceof ListenError && error.kind === "in-use" &&
      error.message === `Cannot listen on 127.0.0.1:${port}: another program uses this port`,
  );
  assert.throws(
    () => new Bench({ addresses: [{ hostname: "192.0.2.1", port: 0 }] }),
    (error) => error instanceof ListenError && error.kind === "no-such-address",
  );
  assert.throws(
    () => new Bench({ addresses: [{ hostname: "no.such.host.invalid", port: 0 }] }),
    (error) =>
      error instanceof ListenError && error.kind === "other" && !error.message.includes("\n"),
  );
});

Deno.test("ListenError tells what is forbidden by whom", () => {
  const address = { hostname: "0.0.0.0", port: 80 };
  const system = new ListenError(address, new Deno.errors.PermissionDenied("x"));
  assert.equal(system.kind, "not-permitted");
  assert.match(system.message, /^Cannot listen on 0\.0\.0\.0:80: .*ports below 1024/);
  const runtime = new ListenError(address, new Deno.errors.NotCapable("x"));
  assert.equal(runtime.kind, "not-allowed-by-runtime");
  assert.match(runtime.message, /--allow-net/);
  assert.match(new ListenError(address, "odd\nmore").message, /: odd$/);
});

Deno.test("TcpServer outlives a fault of the one who serves", async () => {
  const faults: unknown[] = [];
  await using server = TcpServer.listen({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    serve: () => Promise.reject(new Error("fault")),
    onError: (error) => faults.push(error),
  });
  const [address] = server.addresses;
  assert(address !== undefined);
  for (let count = 1; count <= 2; count++) {
    using client = await RawClient.connect(address);
    assert.equal(await client.hearAll(), "");
    assert.equal(faults.length, count);
  }
  assert.deepEqual(server.counters.closed, { error: 2 });
});

Deno.test("TcpServer lets the busy finish when it stops, but not for ever", async () => {
  const bench = new Bench({ limits: { drainMs: 200 } });
  const finishing = await bench.pair();
  const endless = await bench.pair();
  const silent = await bench.pair();
  finishing.connection.enter("busy", Infinity);
  endless.connection.enter("busy", Infinity);
  const stop = bench.server.close();
  assert.equal(await within(silent.connection.ended(), "silent one ends"), "stopped");
  finishing.connection.send(new TextEncoder().encode("done"));
  finishing.connection.end();
  assert.equal(await finishing.client.hearAll(), "done");
  assert.equal(endless.connection.closeReason, undefined);
  await within(stop, "server stops");
  assert.equal(endless.connection.closeReason, "stopped");
  assert.equal(await endless.client.hearAll(), "");
  await bench.server.close();
  for (const { client } of [finishing, endless, silent]) client.close();
});

Deno.test("Connection ends at once although the peer never reads", async () => {
  await using bench = new Bench({ connectionLimits: { queueBytes: 100_000_000 } });
  const { client, connection } = await bench.pair();
  connection.enter("busy", Infinity);
  for (let count = 0; count < 20; count++) connection.send(new Uint8Array(1_000_000));
  assert(connection.queueBytes > 0);
  connection.close("shed");
  connection.close("error");
  assert.equal(await connection.ended(), "shed");
  assert.equal(connection.queueBytes, 0);
  assert.equal(connection.send(new Uint8Array(1)), "closed");
  assert.equal(bench.server.connections, 0);
  await connection.drained();
  client.close();
});

Deno.test("Connection gives up a peer that takes nothing", async () => {
  await using bench = new Bench({
    connectionLimits: { queueBytes: 100_000_000, writeStallMs: 150 },
  });
  const { client, connection } = await bench.pair();
  connection.enter("busy", Infinity);
  const started = performance.now();
  for (let count = 0; count < 20; count++) connection.send(new Uint8Array(1_000_000));
  assert.equal(await within(connection.ended(), "stall is noticed"), "write-stalled");
  assert(performance.now() - started >= 120, "not early");
  client.close();
});

Deno.test("Connection disconnects a peer for whom too much waits", async () => {
  await using bench = new Bench({ connectionLimits: { queueBytes: 1_000 } });
  const { client, connection } = await bench.pair();
  assert.equal(connection.send(new Uint8Array(30_000_000)), "sent");
  assert.equal(connection.send(new Uint8Array(900)), "sent");
  assert.equal(connection.send(new Uint8Array(200)), "closed");
  assert.equal(connection.closeReason, "queue-full");
  client.close();
});

Deno.test("Connection drops what is old for a slow peer, and says how much", async () => {
  await using bench = new Bench({ connectionLimits: { queueBytes: 1_000, policy: "drop-oldest" } });
  const { client, connection } = await bench.pair();
  const large = 30_000_000;
  connection.send(new Uint8Array(large));
  for (let count = 0; count < 10; count++) connection.send(new Uint8Array(400).fill(count));
  assert.equal(connection.dropped, 8);
  assert.equal(connection.send(new Uint8Array(2_000)), "dropped");
  connection.end();
  assert.equal(await client.countAll(), large);
  client.close();
});

Deno.test("Connection sends everything in order, whatever the peer's pace", async () => {
  await using bench = new Bench({ connectionLimits: { queueBytes: 100_000_000 } });
  const { client, connection } = await bench.pair();
  let expected = 0;
  for (let count = 0; count < 3_000; count++) {
    const bytes = new Uint8Array(1 + count % 2_000).fill(count & 255);
    expected += bytes.length;
    connection.send(bytes);
  }
  const last = new TextEncoder().encode("the end");
  connection.send(last);
  connection.end();
  assert.equal(connection.send(last), "closed");
  const heard = await client.hearAll();
  assert.equal(heard.length, expected + last.length);
  assert(heard.endsWith("the end"));
  assert.equal(connection.sentBytes, heard.length);
  assert.equal(connection.closeReason, "finished");
  client.close();
});

Deno.test("Connection lingers so that the peer gets the last word that was sent", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  await client.say("x".repeat(100_000));
  connection.send(new TextEncoder().encode("go away"));
  const lingering = connection.linger("violation");
  assert.equal(await client.hear("go away"), "go away");
  client.close();
  await within(lingering, "peer leaves");
  assert.equal(connection.closeReason, "violation");
});

Deno.test("Connection lingers no longer than it has to", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  await within(connection.linger("violation", 50), "lingering ends");
  assert.equal(connection.closeReason, "violation");
  client.close();
});

Deno.test("Connection lingers for no more bytes than an honest peer has on its way", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  const lingering = connection.linger("violation", 60_000);
  const floods = async () => {
    for (;;) await client.conn.write(new Uint8Array(65_536));
  };
  await within(Promise.allSettled([floods(), lingering]), "it is ended");
  assert.equal(connection.closeReason, "violation");
  assert(connection.receivedBytes < LINGER_BYTES_MAX + 100_000, `${connection.receivedBytes}`);
  client.close();
});

Deno.test("Connection reads until the peer ends", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  await client.sayLast("hello");
  const buffer = new Uint8Array(100);
  let heard = "";
  for (;;) {
    const count = await within(connection.read(buffer), "bytes come");
    if (count === null) break;
    heard += textOf(buffer.subarray(0, count));
  }
  assert.equal(heard, "hello");
  assert.equal(connection.receivedBytes, 5);
  connection.close();
  assert.equal(await connection.read(buffer), null);
  client.close();
});

Deno.test("TcpServer serves at once whoever comes after peers that reset", async () => {
  await using bench = new Bench();
  using resets = new Resets();
  const count = 200;
  for (let index = 0; index < count; index++) resets.reset(bench.address.port, 1);
  const { client } = await bench.pair();
  assert.deepEqual(bench.faults, []);
  const { abandoned, accepted, acceptErrors, closed } = bench.server.counters;
  assert.equal(abandoned, count);
  assert.equal(accepted, 1);
  assert.equal(acceptErrors, 0);
  assert.deepEqual(closed, {});
  client.close();
});

Deno.test("Connection lets others have their turn while its peer sends at full speed", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  connection.enter("busy", Infinity);
  // As much as the system holds for it, so that bytes are there at each read.
  let there = 0;
  while (there < 20 * TURN_BYTES_MAX) {
    there += await within(client.conn.write(new Uint8Array(TURN_BYTES_MAX)), "the system takes it");
  }
  const buffer = new Uint8Array(4_096);
  let inTurn = 0;
  let most = 0;
  let isOver = false;
  const turn = () => {
    most = Math.max(most, inTurn);
    inTurn = 0;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  for (let received = 0; received < there;) {
    const count = await within(connection.read(buffer), "bytes come");
    assert(count !== null);
    received += count;
    inTurn += count;
  }
  isOver = true;
  // Its share is counted from where it last waited, so two may fall into one turn.
  assert(most <= 2 * TURN_BYTES_MAX + buffer.length, `${most} bytes in one turn`);
  connection.close();
  client.close();
});

Deno.test("Connection ends a peer that floods although it has nothing to say", async () => {
  await using bench = new Bench();
  const { client, connection } = await bench.pair();
  const other = await bench.pair();
  void connection.ignore();
  void other.connection.ignore().then(() => other.connection.close("peer"));
  await client.say("x".repeat(UNASKED_BYTES_MAX));
  while (connection.receivedBytes < UNASKED_BYTES_MAX) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(connection.closeReason, undefined);
  await client.say("x");
  assert.equal(await within(connection.ended(), "the flood ends"), "unasked");
  assert.equal(other.connection.closeReason, undefined);
  other.client.close();
  assert.equal(await within(other.connection.ended(), "the other leaves"), "peer");
  client.close();
});
