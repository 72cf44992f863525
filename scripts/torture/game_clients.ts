/**
 * Sends heartbeats to a game server, each on a connection of its own.
 *
 *     deno run --allow-all scripts/torture/game_clients.ts [COUNT]
 *
 * The server must end with as many descriptors as it began with. Prints one line; exit status 1 if not.
 *
 * @module
 */

import { startGameServer } from "./game_server.ts";

const COUNT_DEFAULT = 20_000;
/** Connections under way at once. */
const LANES = 20;
/** Descriptors that the runtime may open for itself. */
const DESCRIPTORS_SPARE = 4;

/** What a run did. */
export interface GameTortureReport {
  count: number;
  refused: number;
  descriptorsBefore: number;
  descriptorsAfter: number;
}

/** Heartbeats with COUNT connections against a server of its own. */
export async function torture(count: number): Promise<GameTortureReport> {
  await using server = await startGameServer();
  const { port } = server;
  // The first ones load what is loaded late.
  let refused = await beats(port, 100);
  const descriptorsBefore = descriptorsOf(server.pid);
  refused += await beats(port, count);
  return { count, refused, descriptorsBefore, descriptorsAfter: descriptorsOf(server.pid) };
}

async function beats(port: number, count: number): Promise<number> {
  let left = count;
  let refused = 0;
  const lane = async () => {
    while (left-- > 0) if (!await beat(port)) refused++;
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return refused;
}

async function beat(port: number): Promise<boolean> {
  const body = JSON.stringify({
    sdkVersion: 0.1,
    timestamp: "2022-04-04 16:01:41.432445",
    messageType: "HEARTBEAT",
    body: { clientID: "1", clientState: "DISCONNECTED" },
  });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(
    `POST /Heartbeat/Update HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  ));
  const buffer = new Uint8Array(1_024);
  const head = await conn.read(buffer) ?? 0;
  const isDone = new TextDecoder().decode(buffer.subarray(0, head)).startsWith("HTTP/1.1 200 ");
  for (let read: number | null = head; read !== null;) read = await conn.read(buffer);
  return isDone;
}

function descriptorsOf(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

if (import.meta.main) {
  const report = await torture(Number(Deno.args[0] ?? COUNT_DEFAULT));
  const { count, refused, descriptorsBefore, descriptorsAfter } = report;
  console.log(
    `${count} heartbeats on ${count} connections, ${refused} refused, descriptors ` +
      `${descriptorsBefore} before, ${descriptorsAfter} after`,
  );
  const isWell = refused === 0 && descriptorsAfter <= descriptorsBefore + DESCRIPTORS_SPARE;
  Deno.exit(isWell ? 0 : 1);
}
