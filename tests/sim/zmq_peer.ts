/**
 * A ZeroMQ peer over TCP or WebSocket, written from the protocols' specifications alone.
 *
 * @module
 */

import { sendAll } from "./http_peer.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { VirtualNetwork } from "./virtual_network.ts";

/** What carries the frames. */
export type Transport = "tcp" | "ws";

/** Flags of a frame over TCP, and over WebSocket. */
const MORE = 0x01;
const LONG = 0x02;
const COMMAND = { tcp: 0x04, ws: 0x02 } as const;
const GREETING_BYTES = 64;
const OPCODES = { binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Any key will do, and so will any mask. */
const KEY = "aZg85FHcsPRKlOgqKR+Oow==";
const ACCEPT = "3rHGv98BAM4Yl1zwMrpTcpnmrvc=";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a peer connects, and as what. */
export interface ZmqPlace {
  readonly transport: Transport;
  readonly port: number;
  /** Path of the WebSocket. */
  readonly path: string;
  readonly socketType: "PUB" | "SUB" | "REQ";
  readonly windowBytes?: number;
}

/** One peer. */
export class ZmqPeer {
  readonly transport: Transport;
  /** It does not read now. */
  isDeaf = false;
  isConnected = true;
  /** The host has ended the connection. */
  isEndedByHost = false;
  /** The handshake is over. */
  isReady = false;
  complaint: string | undefined;
  readonly #conn: VirtualConn;
  readonly #onMessage: (frames: readonly string[]) => void;
  readonly #socketType: string;
  #bytes: Uint8Array = new Uint8Array();
  #isGreeted = false;
  #frames: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #hear: (() => void) | undefined;

  constructor(
    network: VirtualNetwork,
    { transport, port, path, socketType, windowBytes }: ZmqPlace,
    onMessage: (frames: readonly string[]) => void,
  ) {
    this.transport = transport;
    this.#onMessage = onMessage;
    this.#socketType = socketType;
    this.#conn = network.connect({ hostname: "127.0.0.1", port }, "127.0.0.1", windowBytes);
    if (transport === "tcp") {
      const greeting = new Uint8Array(GREETING_BYTES);
      greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, ...encoder.encode("NULL")]);
      this.#write(greeting);
      this.#command(ready(socketType));
    } else {
      this.#write(encoder.encode(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
          `Connection: Upgrade\r\nSec-WebSocket-Key: ${KEY}\r\n` +
          `Sec-WebSocket-Protocol: ZWS2.0/NULL,ZWS2.0\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      ));
      this.#command(ready(socketType));
    }
    this.#read();
  }

  /** Sends a message. */
  send(frames: readonly (string | Uint8Array)[]): void {
    for (const [index, frame] of frames.entries()) {
      const body = typeof frame === "string" ? encoder.encode(frame) : frame;
      this.#frame(index < frames.length - 1 ? MORE : 0, body);
    }
  }

  /** Wants what begins with a topic, or no longer. */
  subscribe(topic: string, isWanted = true): void {
    this.send([Uint8Array.of(isWanted ? 1 : 0, ...encoder.encode(topic))]);
  }

  /** Sends what is no frame. */
  garble(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  /** It stops reading, or goes on. */
  beDeaf(isDeaf: boolean): void {
    this.isDeaf = isDeaf;
    if (!isDeaf) this.#hear?.();
  }

  close(): void {
    this.isConnected = false;
    if (!this.#conn.isClosed) this.#conn.close();
  }

  reset(): void {
    this.isConnected = false;
    this.#conn.reset();
  }

  #command(body: Uint8Array): void {
    this.#frame(COMMAND[this.transport], body);
  }

  #frame(flags: number, body: Uint8Array): void {
    if (this.transport === "ws") return this.#webSocket(OPCODES.binary, joined([flags], body));
    if (body.length < 256) return this.#write(joined([flags, body.length], body));
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(body.length));
    this.#write(joined([flags | LONG, ...length], body));
  }

  #webSocket(opcode: number, body: Uint8Array): void {
    const head = [0x80 | opcode];
    if (body.length < 126) head.push(0x80 | body.length);
    else if (body.length < 65_536) head.push(0x80 | 126, body.length >> 8, body.length & 0xff);
    else {
      const length = new Uint8Array(8);
      new DataView(length.buffer).setBigUint64(0, BigInt(body.length));
      head.push(0x80 | 127, ...length);
    }
    // A mask of zeros changes nothing, and is one.
    this.#write(joined([...head, 0, 0, 0, 0], body));
  }

  #write(bytes: Uint8Array): void {
    this.#writing = this.#writing.then(() => sendAll(this.#conn, bytes)).catch(() => {});
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        while (this.isDeaf) await new Promise<void>((resolve) => this.#hear = resolve);
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        this.#bytes = joined(this.#bytes, buffer.subarray(0, count));
        while (this.#isGreeted ? this.#take() : this.#greet());
      }
    } catch {
      // The host was stopped or killed, or has disconnected it.
    }
    this.isEndedByHost = this.isConnected;
    this.isConnected = false;
  }

  /** Takes the greeting, or the answer to the upgrade. */
  #greet(): boolean {
    if (this.transport === "tcp") {
      if (this.#bytes.length < GREETING_BYTES) return false;
      if (this.#bytes[0] !== 0xff || this.#bytes[10] !== 3) this.complaint ??= "A bad greeting";
      this.#bytes = this.#bytes.slice(GREETING_BYTES);
      return this.#isGreeted = true;
    }
    const text = decoder.decode(this.#bytes);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const isRight = text.startsWith("HTTP/1.1 101 ") && text.includes(ACCEPT) &&
      /\r\nsec-websocket-protocol: ZWS2.0\/NULL\r\n/i.test(text);
    if (!isRight) this.complaint ??= `A bad upgrade: ${text.slice(0, 200)}`;
    this.#bytes = this.#bytes.slice(end + 4);
    return this.#isGreeted = true;
  }

  /** Takes one frame; false if none is whole. */
  #take(): boolean {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    const isWs = this.transport === "ws";
    if (view.byteLength < 2) return false;
    let head = 2;
    let length = view.getUint8(1);
    if (isWs && length === 126 || isWs && length === 127 || !isWs && view.getUint8(0) & LONG) {
      const bytes = isWs && length === 126 ? 2 : 8;
      head = isWs ? 2 + bytes : 9;
      if (view.byteLength < head) return false;
      if (!isWs) length = Number(view.getBigUint64(1));
      else length = bytes === 2 ? view.getUint16(2) : Number(view.getBigUint64(2));
    }
    if (view.byteLength < head + length) return false;
    const first = view.getUint8(0);
    const body = this.#bytes.slice(head, head + length);
    this.#bytes = this.#bytes.slice(head + length);
    if (!isWs) this.#onFrame(first, body);
    else if (first === (0x80 | OPCODES.ping)) this.#webSocket(OPCODES.pong, body);
    else if (first === (0x80 | OPCODES.binary)) this.#onFrame(body[0] ?? 0, body.slice(1));
    else if (first !== (0x80 | OPCODES.pong) && first !== (0x80 | OPCODES.close)) {
      this.complaint ??= `A frame of WebSocket begins with ${first}`;
    }
    return true;
  }

  #onFrame(flags: number, body: Uint8Array): void {
    if (flags & COMMAND[this.transport]) {
      const name = decoder.decode(body.subarray(1, 1 + (body[0] ?? 0)));
      if (name === "READY") this.isReady = true;
      if (name === "PING") this.#command(joined(encoder.encode("\x04PONG"), body.slice(7)));
      if (name === "ERROR") this.complaint ??= `A ${this.#socketType} got an error`;
      return;
    }
    this.#frames.push(decoder.decode(body));
    if (flags & MORE) return;
    const message = this.#frames;
    this.#frames = [];
    this.#onMessage(message);
  }
}

function ready(socketType: string): Uint8Array {
  const property = encoder.encode("\x0bSocket-Type\0\0\0");
  return joined(
    encoder.encode("\x05READY"),
    joined(joined(property, [socketType.length]), encoder.encode(socketType)),
  );
}

function joined(one: ArrayLike<number>, other: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
