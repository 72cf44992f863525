/**
 * Plain WebSocket clients that load either server the same way, as a process of its own. Prints one
 * line of JSON, a {@linkcode ZmqLoadResult}.
 *
 * Usage: zmq_load.ts PORT fan-out SUBSCRIBERS MESSAGES | round-trips CONNECTIONS SECONDS | idle COUNT
 *
 * @module
 */

/** What a load run found. */
export interface ZmqLoadResult {
  /** Publications that reached all subscribers, or round trips. */
  readonly count: number;
  readonly seconds: number;
}

/** Two bytes of a WebSocket frame, one of flags, the payload. */
const PUBLICATION_BYTES = 103;
const READ_BYTES = 262_144;
/** The load's routing id, which is empty. */
export const ROUTING_ID: Uint8Array<ArrayBuffer> = Uint8Array.of(0x82, 0x81, 0, 0, 0, 0, 0);
/** Delimiter and a frame of 100 bytes, masked with zeros. */
const REQUEST = Uint8Array.of(0x82, 0x81, 0, 0, 0, 0, 1, 0x82, 0xe5, ...new Array(105).fill(0));
/** A reply of the same payload, unmasked. */
export const REPLY_BYTES = 106;

const encoder = new TextEncoder();

/** The request that opens a connection to `/sub` or `/req`, which are equally long. */
export const UPGRADE: Uint8Array<ArrayBuffer> = upgradeTo("/sub");

function upgradeTo(path: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==\r\nSec-WebSocket-Protocol: ZWS2.0\r\n" +
      "Sec-WebSocket-Version: 13\r\n\r\n",
  );
}

async function main([port, act, ...numbers]: readonly string[]): Promise<ZmqLoadResult> {
  const [first = 0, second = 0] = numbers.map(Number);
  switch (act) {
    case "fan-out":
      return await fanOut(Number(port), first, second);
    case "round-trips":
      return await roundTrips(Number(port), first, second);
    default:
      return await idle(Number(port), first);
  }
}

async function fanOut(
  port: number,
  subscribers: number,
  messages: number,
): Promise<ZmqLoadResult> {
  const connections = [];
  for (let index = 0; index < subscribers; index++) {
    const connection = await open(port, "/sub");
    await connection.write(subscription("t"));
    connections.push(connection);
  }
  const trigger = await open(port, "/sub");
  // What was subscribed to has to be there before the first publication.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const started = performance.now();
  await trigger.write(subscription(`go ${messages}`));
  const wanted = messages * PUBLICATION_BYTES;
  await Promise.all(connections.map((connection) => readBytes(connection, wanted)));
  const seconds = (performance.now() - started) / 1_000;
  for (const connection of [trigger, ...connections]) connection.close();
  return { count: messages, seconds };
}

async function roundTrips(
  port: number,
  connections: number,
  seconds: number,
): Promise<ZmqLoadResult> {
  let count = 0;
  const started = performance.now();
  const end = started + seconds * 1_000;
  await Promise.all(Array.from({ length: connections }, async () => {
    const connection = await open(port, "/req");
    while (performance.now() < end) {
      await connection.write(REQUEST);
      await readBytes(connection, REPLY_BYTES);
      count++;
    }
    connection.close();
  }));
  return { count, seconds: (performance.now() - started) / 1_000 };
}

/** Holds subscribers until the process is killed. */
async function idle(port: number, count: number): Promise<ZmqLoadResult> {
  for (let index = 0; index < count; index++) {
    const connection = await open(port, "/sub");
    await connection.write(subscription(`OnStateChange${index}`));
  }
  console.log("open");
  await new Promise(() => setInterval(() => undefined, 1_000));
  return { count, seconds: 0 };
}

async function open(port: number, path: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  await connection.write(upgradeTo(path));
  await connection.write(ROUTING_ID);
  const buffer = new Uint8Array(1);
  let text = "";
  while (!text.endsWith("\r\n\r\n")) {
    if (await connection.read(buffer) === null) throw new Error(`Cannot open: server said ${text}`);
    text += String.fromCharCode(buffer[0] as number);
  }
  // The server's own routing id.
  await readBytes(connection, 3);
  return connection;
}

async function readBytes(connection: Deno.Conn, wanted: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(wanted, READ_BYTES));
  for (let bytes = 0; bytes < wanted;) {
    const count = await connection.read(
      buffer.subarray(0, Math.min(buffer.length, wanted - bytes)),
    );
    if (count === null) throw new Error(`Cannot go on: connection ended after ${bytes} bytes`);
    bytes += count;
  }
}

function subscription(topic: string): Uint8Array {
  const bytes = encoder.encode(topic);
  return Uint8Array.of(0x82, 0x80 | (bytes.length + 2), 0, 0, 0, 0, 0, 1, ...bytes);
}

if (import.meta.main) console.log(JSON.stringify(await main(Deno.args)));
