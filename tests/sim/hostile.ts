/**
 * Peers that do what no honest one would, at any port.
 *
 * @module
 */

import { sendAll } from "./http_peer.ts";
import type { Random } from "./random.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { VirtualNetwork } from "./virtual_network.ts";

/** What a hostile peer does. */
export const HOSTILITIES = ["resets", "silent", "half", "noise", "flood", "deaf"] as const;

/** Bytes that a flood tries to send. */
const FLOOD_BYTES = 300_000;

/** Hostile peers that are connected. */
export class Crowd {
  readonly #network: VirtualNetwork;
  readonly #conns = new Set<VirtualConn>();

  constructor(network: VirtualNetwork) {
    this.#network = network;
  }

  /** Some more of them come, from somewhere. */
  come(random: Random, port: number): void {
    const hostility = random.pick(HOSTILITIES);
    const from = random.pick(["127.0.0.1", "127.0.0.66", "192.0.2.6"]);
    for (let left = random.whole(1, 12); left > 0; left--) {
      let conn: VirtualConn;
      try {
        conn = this.#network.connect({ hostname: "127.0.0.1", port }, from);
      } catch {
        return;
      }
      this.#conns.add(conn);
      this.#behave(conn, hostility, random).catch(() => {}).finally(() => this.#conns.delete(conn));
    }
  }

  /** Those at some ports go, or all of them. */
  leave(ports?: readonly number[]): void {
    for (const conn of this.#conns) {
      if (ports?.includes(conn.remoteAddr.port) === false) continue;
      conn.reset();
      this.#conns.delete(conn);
    }
  }

  async #behave(
    conn: VirtualConn,
    hostility: typeof HOSTILITIES[number],
    random: Random,
  ): Promise<void> {
    const head = new TextEncoder().encode(
      "GET /hb_ping?1000&appid=hostile HTTP/1.1\r\nHost: x\r\n",
    );
    switch (hostility) {
      case "resets":
        conn.reset();
        return;
      case "silent":
        break;
      case "half":
        await sendAll(conn, head.subarray(0, random.whole(1, head.length)));
        break;
      case "noise":
        await sendAll(conn, random.bytes(random.whole(1, 3_000)));
        break;
      case "flood":
        for (let sent = 0; sent < FLOOD_BYTES;) sent += await conn.write(new Uint8Array(8_192));
        break;
      case "deaf": {
        // Asks and asks, and reads no answer.
        const question = new TextEncoder().encode(
          "GET /api/v1/members HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        );
        for (let asked = 0; asked < 2_000; asked++) await sendAll(conn, question);
        return;
      }
    }
    const buffer = new Uint8Array(1_024);
    while (await conn.read(buffer) !== null);
    conn.close();
  }
}
