/**
 * A WebSocket client of its own, which shares no code with the product: it writes frames from data and
 * refuses whatever a server must not send.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { bytesOf, textOf, within } from "../support/tcp.ts";
import { GOOD_FIELDS } from "./handshake_cases.ts";
import type { ClientFrame } from "./websocket_cases.ts";

/** A frame of the server. */
export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** The head of a reply. */
export interface ReplyHead {
  readonly status: number;
  /** By name in small letters; several lines are joined. */
  readonly fields: ReadonlyMap<string, string>;
  /** How many lines a field has. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Where a server is, and whom its clients trust. */
export interface ServerPlace {
  readonly url: string;
  readonly certificate: string;
}

/** Opens a connection as the scheme of the URL says. */
export async function dial({ url, certificate }: ServerPlace): Promise<Deno.Conn> {
  const { hostname, port, protocol } = new URL(url);
  const address = { hostname, port: Number(port) };
  if (protocol !== "https:") {
    const conn = await Deno.connect(address);
    conn.setNoDelay(true);
    return conn;
  }
  return await Deno.connectTls({ ...address, caCerts: [certificate] });
}

/** The text of a request to upgrade. */
export function requestText(
  door: string,
  { line = "GET /zmq/DOOR HTTP/1.1", fields = {} }: {
    line?: string;
    fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  } = {},
): string {
  const lines = Object.entries({ ...GOOD_FIELDS, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}\r\n`)
  );
  return `${line.replace("DOOR", door)}\r\n${lines.join("")}\r\n`;
}

/** The bytes of a frame; the messages of a door are made by `messageOf`. */
export function encodeClientFrame(
  frame: ClientFrame,
  messageOf: (bytes: number) => Uint8Array,
): Uint8Array {
  const [bytes = 0, from = 0, to = bytes] = frame.of ?? [];
  const payload = frame.of === undefined
    ? bytesOf(frame.payload ?? "")
    : messageOf(bytes).subarray(from, to);
  const { isLast = true, reserved = 0, isMasked = true, mask = [0x37, 0xfa, 0x21, 0x3d] } = frame;
  const length = frame.announces ?? BigInt(payload.length);
  const form = frame.form ?? (length > 65_535n ? 64 : length > 125n ? 16 : 7);
  const head = [(isLast ? 0x80 : 0) | reserved << 4 | frame.opcode];
  head.push((isMasked ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127));
  for (let bit = form - 8; form > 7 && bit >= 0; bit -= 8) {
    head.push(Number(length >> BigInt(bit) & 0xffn));
  }
  const body = isMasked ? payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : payload;
  return Uint8Array.from([...head, ...isMasked ? mask : [], ...body]);
}

/** One connection. */
export class WebSocketPeer implements Disposable {
  readonly #conn: Deno.Conn;
  #received = new Uint8Array(0);
  #hasEnded = false;

  /** @param conn A new connection. */
  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Sends bytes, in pieces if so wanted. A server that has refused may have gone. */
  async say(bytes: Uint8Array, pieceBytes = bytes.length): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        const piece = bytes.subarray(at, at + pieceBytes);
        at += await within(this.#conn.write(piece), "the server takes bytes");
      }
    } catch (error) {
      const hasGone = error instanceof Deno.errors.BrokenPipe ||
        error instanceof Deno.errors.ConnectionReset;
      if (!hasGone) throw error;
    }
  }

  /** The head of the next reply. */
  async hearHead(): Promise<ReplyHead> {
    let end = -1;
    while ((end = textOf(this.#received).indexOf("\r\n\r\n")) < 0) {
      assert.ok(await this.#more(), `ended within a head: ${textOf(this.#received)}`);
    }
    const [first = "", ...rest] = textOf(this.#received.subarray(0, end)).split("\r\n");
    this.#received = this.#received.slice(end + 4);
    const fields = new Map<string, string>();
    const lines = new Map<string, number>();
    for (const line of rest) {
      const [, name = "", value = ""] = /^([^\s:]+): *(.*?) *$/.exec(line) ?? [];
      assert.notEqual(name, "", `no field: ${line}`);
      const key = name.toLowerCase();
      const earlier = fields.get(key);
      fields.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
      lines.set(key, (lines.get(key) ?? 0) + 1);
    }
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? [];
    assert.ok(status !== undefined, `no status line: ${first}`);
    return { status: Number(status), fields, lines };
  }

  /** So many bytes of a body. */
  async hearBody(bytes: number): Promise<string> {
    while (this.#received.length < bytes) assert.ok(await this.#more(), "ended within a body");
    const text = textOf(this.#received.subarray(0, bytes));
    this.#received = this.#received.slice(bytes);
    return text;
  }

  /** The next frame; undefined when the server has ended the connection. */
  async hear(): Promise<ServerFrame | undefined> {
    for (;;) {
      const frame = this.#frame();
      if (frame !== undefined) return frame;
      if (!await this.#more()) {
        assert.equal(this.#received.length, 0, "the server ends within a frame");
        return undefined;
      }
    }
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // TLS closes itself with its peer.
    }
  }

  async #more(): Promise<boolean> {
    if (this.#hasEnded) return false;
    const buffer = new Uint8Array(65_536);
    let count: number | null = null;
    try {
      count = await within(this.#conn.read(buffer), "the server says something");
    } catch (error) {
      const hasGone = error instanceof Deno.errors.ConnectionReset ||
        error instanceof Deno.errors.UnexpectedEof;
      if (!hasGone) throw error;
    }
    if (count === null) {
      this.#hasEnded = true;
      return false;
    }
    this.#received = Uint8Array.from([...this.#received, ...buffer.subarray(0, count)]);
    return true;
  }

  /** Takes the next frame from what has come, and judges it as a client has to (RFC 6455 5.1, 5.2). */
  #frame(): ServerFrame | undefined {
    const { length } = this.#received;
    if (length < 2) return undefined;
    const [first = 0, second = 0] = this.#received;
    assert.equal(first & 0x70, 0, "a server without extensions sets no reserved bit");
    assert.equal(first & 0x80, 0x80, "ZWS forbids fragments");
    assert.equal(second & 0x80, 0, "a server does not mask");
    const opcode = first & 0x0f;
    assert.ok([2, 8, 9, 10].includes(opcode), `opcode ${opcode}`);
    const form = second === 127 ? 8 : second === 126 ? 2 : 0;
    if (length < 2 + form) return undefined;
    let bytes = form === 0 ? second : 0;
    for (const byte of this.#received.subarray(2, 2 + form)) bytes = bytes * 256 + byte;
    assert.ok(form === 0 || bytes > (form === 8 ? 65_535 : 125), "the shortest form of a length");
    assert.ok(opcode === 2 || bytes <= 125, "a control frame is short");
    if (length < 2 + form + bytes) return undefined;
    const payload = this.#received.slice(2 + form, 2 + form + bytes);
    this.#received = this.#received.slice(2 + form + bytes);
    return { opcode, payload };
  }
}
