/**
 * A ZeroMQ peer for tests that can do wrong: bytes out, engine events in.
 *
 * @module
 */

import type { ZmqEngine } from "../../../src/wire/zmq/engine.ts";
import { within } from "../../support/tcp.ts";
import { lineOf } from "../../wire/zmq/transcript.ts";

/** A connection whose bytes are understood by an engine and written by hand. */
export class RawPeer implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #engine: ZmqEngine;
  #isClosed = false;

  private constructor(conn: Deno.TcpConn, engine: ZmqEngine) {
    this.#conn = conn;
    this.#engine = engine;
  }

  /** Connects, and upgrades if there is a path. */
  static async connect(
    port: number | undefined,
    engine: ZmqEngine,
    upgrade?: { path: string; subprotocol: string },
  ): Promise<RawPeer> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: port ?? 0 });
    const peer = new RawPeer(conn, engine);
    if (upgrade !== undefined) await peer.#upgrade(upgrade.path, upgrade.subprotocol);
    return peer;
  }

  /** Sends bytes as they are. */
  async say(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await within(this.#conn.write(rest), "the other end takes bytes"));
    }
  }

  /** The next event as a line, or `end` when there will be none. */
  async hear(): Promise<string> {
    for (;;) {
      const event = this.#engine.next();
      if (event !== undefined) return lineOf(event);
      const space = this.#engine.space();
      let count: number | null;
      try {
        count = await within(this.#conn.read(space), "the other end says something");
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
        count = null;
      }
      if (count === null) return "end";
      this.#engine.commit(count);
    }
  }

  /** Hears until a line comes. */
  async hearUntil(wanted: string): Promise<void> {
    for (let line = ""; line !== wanted;) {
      line = await this.hear();
      if (line === "end") throw new Error(`Ended without ${wanted}`);
    }
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  async #upgrade(path: string, subprotocol: string): Promise<void> {
    await this.say(new TextEncoder().encode(
      `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==\r\n` +
        `Sec-WebSocket-Protocol: ${subprotocol}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    ));
    const byte = new Uint8Array(1);
    for (let head = ""; !head.endsWith("\r\n\r\n");) {
      if (await within(this.#conn.read(byte), "the upgrade is answered") === null) {
        throw new Error(`Cannot upgrade: server said ${head}`);
      }
      head += String.fromCharCode(byte[0] as number);
    }
  }
}
