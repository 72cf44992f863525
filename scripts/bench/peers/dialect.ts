/**
 * What a publisher and a subscriber say in each protocol, byte by byte: the same load program talks to
 * every server, so that none of them is measured through its own client.
 *
 * @module
 */

import { readExactly, writeAll } from "./bytes.ts";

/** One protocol, and one publication in it. */
export interface Dialect {
  readonly name: string;
  /** A publication as it goes to the server. */
  readonly published: Uint8Array<ArrayBuffer>;
  /** The same publication as a subscriber gets it. */
  readonly received: Uint8Array<ArrayBuffer>;
  /** How many bytes of each publication are the same in all of them; all if not given. */
  readonly sameBytes?: number;
  /** How many subscribers log in at the same time; 32 if not given. */
  readonly atOnce?: number;
  /** Logs a publisher in. */
  publish(connection: Deno.TcpConn): Promise<void>;
  /** Logs a subscriber in; it gets publications soon after. */
  subscribe(connection: Deno.TcpConn): Promise<void>;
}

/** The frames of a publication; the first one begins with the topic. */
export type Frames = readonly Uint8Array<ArrayBuffer>[];

export const TOPIC = "Timeline";

const GREETING_BYTES = 64;
const encoder = new TextEncoder();

/** ZeroMQ over TCP. */
export function zmtp(frames: Frames): Dialect {
  const message = zmtpMessage(frames);
  return {
    name: "tcp",
    published: message,
    received: message,
    async publish(connection) {
      await zmtpGreet(connection, "PUB");
    },
    async subscribe(connection) {
      await zmtpGreet(connection, "SUB");
      await writeAll(connection, zmtpMessage([join([Uint8Array.of(1), encoder.encode(TOPIC)])]));
    },
  };
}

/** ZeroMQ over WebSocket; its publisher is one over TCP, as a game's is. */
export function zws(frames: Frames, path = "/zmq/sub"): Dialect {
  return {
    ...zmtp(frames),
    name: "ws",
    received: join(frames.map((frame, index) => {
      if (frame.length > 124) throw new RangeError("Cannot write a long WebSocket frame");
      const flags = index < frames.length - 1 ? 1 : 0;
      return join([Uint8Array.of(0x82, frame.length + 1, flags), frame]);
    })),
    async subscribe(connection) {
      await zwsOpen(connection, path);
      const topic = encoder.encode(TOPIC);
      await writeAll(
        connection,
        join([Uint8Array.of(0x82, 0x80 | (topic.length + 2), 0, 0, 0, 0, 0, 1), topic]),
      );
    },
  };
}

/** MQTT 3.1.1 without acknowledgements (QoS 0). The first frame is the topic. */
export function mqtt([topic, payload]: readonly [
  Uint8Array<ArrayBuffer>,
  Uint8Array<ArrayBuffer>,
]): Dialect {
  const rest = join([Uint8Array.of(0, topic.length), topic, payload]);
  if (rest.length > 127) throw new RangeError("Cannot write a long MQTT packet");
  const message = join([Uint8Array.of(0x30, rest.length), rest]);
  return {
    name: "mqtt",
    published: message,
    received: message,
    publish: mqttConnect,
    async subscribe(connection) {
      await mqttConnect(connection);
      const filter = encoder.encode(`${TOPIC}/#`);
      await writeAll(
        connection,
        join([Uint8Array.of(0x82, filter.length + 5, 0, 1, 0, filter.length), filter, zeros(1)]),
      );
      await readExactly(connection, 5);
    },
  };
}

/** No protocol at all: what a subscriber of another dialect gets is passed on as it is. */
export function bare({ received }: Dialect): Dialect {
  return {
    name: "bare",
    published: received,
    received,
    publish: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
  };
}

/** Opens a connection of ZeroMQ over TCP (ZMTP 3.0, mechanism NULL). */
export async function zmtpGreet(connection: Deno.TcpConn, socketType: string): Promise<void> {
  const greeting = zeros(GREETING_BYTES);
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  greeting.set(encoder.encode("NULL"), 12);
  const type = encoder.encode(socketType);
  const ready = join([
    encoder.encode("\x05READY\x0bSocket-Type"),
    Uint8Array.of(0, 0, 0, type.length),
    type,
  ]);
  await writeAll(connection, join([greeting, Uint8Array.of(4, ready.length), ready]));
  await readExactly(connection, GREETING_BYTES);
  const [, length = 0] = await readExactly(connection, 2);
  await readExactly(connection, length);
}

/** Opens a connection of ZeroMQ over WebSocket (ZWS 2.0 without a mechanism). */
export async function zwsOpen(connection: Deno.TcpConn, path: string): Promise<void> {
  await writeAll(
    connection,
    encoder.encode(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==\r\nSec-WebSocket-Protocol: ZWS2.0\r\n" +
        "Sec-WebSocket-Version: 13\r\n\r\n",
    ),
  );
  // Our routing id: none.
  await writeAll(connection, Uint8Array.of(0x82, 0x81, 0, 0, 0, 0, 0));
  let head = "";
  while (!head.endsWith("\r\n\r\n")) {
    head += String.fromCharCode(...await readExactly(connection, 1));
  }
  if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`Cannot open ${path}: "${head}"`);
  await readExactly(connection, 3);
}

/** A message of ZeroMQ over TCP. */
export function zmtpMessage(frames: Frames): Uint8Array<ArrayBuffer> {
  return join(frames.map((frame, index) => {
    if (frame.length > 255) throw new RangeError("Cannot write a long ZMTP frame");
    return join([Uint8Array.of(index < frames.length - 1 ? 1 : 0, frame.length), frame]);
  }));
}

/** A text with blanks up to a length, in bytes. */
export function padded(text: string, bytes: number): Uint8Array<ArrayBuffer> {
  return encoder.encode(text.padEnd(bytes));
}

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = zeros(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function mqttConnect(connection: Deno.TcpConn): Promise<void> {
  // A clean session, no keep-alive, and an id that the broker makes.
  const connect = join([Uint8Array.of(0, 4), encoder.encode("MQTT"), Uint8Array.of(4, 2, 0, 0)]);
  await writeAll(
    connection,
    join([Uint8Array.of(0x10, connect.length + 2), connect, zeros(2)]),
  );
  await readExactly(connection, 4);
}

function zeros(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length);
}
