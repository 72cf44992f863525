import { strict as assert } from "node:assert";
import { Connection, type ConnectionOwner } from "../../../src/net/tcp/connection.ts";
import { CONNECTION_LIMITS } from "../../../src/net/tcp/connection_limits.ts";
import type { NetConn } from "../../../src/net/tcp/net_conn.ts";

const STALL_MS = 1_000;
const IDLE_MS = 60_000;

/** A connection whose writes end when the test says so, and whose time is the test's. */
function virtualConnection() {
  let written: (() => void) | undefined;
  const address = { transport: "tcp" as const, hostname: "127.0.0.1", port: 1 };
  const conn = {
    remoteAddr: address,
    localAddr: address,
    write: (bytes: Uint8Array) =>
      new Promise<number>((resolve) => written = () => resolve(bytes.length)),
    close: () => {},
  };
  const watch = { at: Infinity };
  const state = { nowMs: 0, written: () => written?.(), watch };
  const deadlines = {
    clock: { now: () => state.nowMs },
    watch: () => watch,
    unwatch: () => {},
    checkBy: (_: unknown, at: number) => watch.at = Math.min(watch.at, at),
  };
  const connection = new Connection(
    conn as unknown as NetConn,
    { deadlines } as unknown as ConnectionOwner,
    { ...CONNECTION_LIMITS, writeStallMs: STALL_MS },
  );
  /** What the timer does at a deadline. */
  const check = () => watch.at = connection.check(state.nowMs);
  return { connection, state, check };
}

const settle = () => new Promise((done) => setTimeout(done, 0));

Deno.test("Connection watches each message that the peer does not take, also within a clock's step", async () => {
  const { connection, state, check } = virtualConnection();
  connection.enter("idle", IDLE_MS);
  connection.send(new Uint8Array(1));
  await settle();
  assert.equal(state.watch.at, STALL_MS);
  state.written();
  await settle();
  assert.equal(connection.queueBytes, 0);
  // The deadline comes when nothing is being sent: the next one is that of the phase.
  state.nowMs = STALL_MS;
  connection.send(new Uint8Array(1));
  await settle();
  state.written();
  await settle();
  check();
  assert.equal(state.watch.at, IDLE_MS);
  // The clock still shows the time of the message before.
  connection.send(new Uint8Array(1));
  await settle();
  assert.equal(state.watch.at, 2 * STALL_MS);
  state.nowMs = 2 * STALL_MS - 1;
  check();
  assert.equal(connection.closeReason, undefined);
  assert.equal(state.watch.at, 2 * STALL_MS);
  state.nowMs = 2 * STALL_MS;
  check();
  assert.equal(connection.closeReason, "write-stalled");
});

Deno.test("Connection goes on watching while one message after the other is on its way", async () => {
  const { connection, state, check } = virtualConnection();
  connection.enter("idle", IDLE_MS);
  connection.send(new Uint8Array(1));
  connection.send(new Uint8Array(1));
  await settle();
  state.nowMs = 600;
  state.written();
  await settle();
  state.nowMs = STALL_MS;
  check();
  assert.equal(connection.closeReason, undefined, "the second message has time of its own");
  assert.equal(state.watch.at, 600 + STALL_MS);
  state.nowMs = state.watch.at;
  check();
  assert.equal(connection.closeReason, "write-stalled");
});
