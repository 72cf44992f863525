/**
 * Peers that mean no good, from many addresses.
 *
 * @module
 */

import { connect, type Socket } from "node:net";

/** What a hostile peer does after it has connected. */
export type Hostility = "silent" | "half-head" | "never-reads" | "half-hello" | "hello";

/** How many connections are made at once. */
const CONNECTING_MAX = 100;
/** Hostile connections that share one address; on loopback every 127.x.y.z is one of its own. */
const PEERS_PER_ADDRESS = 500;

const WORDS: Record<Hostility, () => string | Promise<Uint8Array>> = {
  "silent": () => "",
  "half-hello": async () => (await recordHello()).subarray(0, 100),
  "hello": recordHello,
  "half-head": () => "GET /hb_ping?3000&appid=mallory HTTP/1.1\r\nHost: a\r\nX-Slow: ",
  "never-reads": () => "GET /status HTTP/1.1\r\nHost: a\r\n\r\n".repeat(500),
};

/** How long peers may take to notice that their connection has ended, in milliseconds. */
const NOTICE_MS = 2_000;

/** Where the victim listens. */
export interface Victim {
  hostname: string;
  port: number;
  /** Whom honest clients trust, if it speaks TLS. */
  caCerts?: string[];
}

/** A crowd of connections that can be asked how many of them are still open. */
export class HostileCrowd implements Disposable {
  readonly #sockets = new Set<Socket>();
  #made = 0;
  #failed = 0;
  #emptied: PromiseWithResolvers<void> | undefined;

  /** Connections that were made. */
  get made(): number {
    return this.#made;
  }

  /** Connections that could not be made. */
  get failed(): number {
    return this.#failed;
  }

  /** Connections that the victim has not ended. */
  get open(): number {
    return this.#sockets.size;
  }

  /**
   * Adds peers.
   *
   * @param peers How many and what they do.
   * @param victim On loopback, peers come from 127.1.0.1, 127.1.0.2 and so on.
   */
  async add(peers: { count: number; hostility: Hostility }, victim: Victim): Promise<void> {
    const isLoopback = victim.hostname.startsWith("127.");
    const words = await WORDS[peers.hostility]();
    let next = 0;
    const workers = Array.from({ length: CONNECTING_MAX }, async () => {
      while (next++ < peers.count) {
        const address = Math.floor((this.#made + this.#failed) / PEERS_PER_ADDRESS);
        const local = isLoopback
          ? { localAddress: `127.1.${address >> 8}.${1 + address % 250}` }
          : {};
        await this.#connect(
          { host: victim.hostname, port: victim.port, ...local },
          words,
          peers.hostility === "never-reads",
        );
      }
    });
    await Promise.all(workers);
  }

  /**
   * Waits until the victim has ended all of them.
   *
   * @return False if some are left after the given time, in milliseconds.
   */
  async ended(timeoutMs: number): Promise<boolean> {
    if (this.open === 0) return true;
    this.#emptied = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#emptied?.resolve(), timeoutMs);
    await this.#emptied.promise;
    clearTimeout(timer);
    // Who does not read does not notice that the connection has ended either.
    for (const socket of this.#sockets) socket.resume();
    const noticing = setTimeout(() => this.#emptied?.resolve(), NOTICE_MS);
    this.#emptied = Promise.withResolvers<void>();
    if (this.open > 0) await this.#emptied.promise;
    clearTimeout(noticing);
    return this.open === 0;
  }

  /** Ends those that are left. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #connect(
    options: { host: string; port: number; localAddress?: string },
    words: string | Uint8Array,
    neverReads: boolean,
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(options);
    let isMade = false;
    socket.once("connect", () => {
      isMade = true;
      this.#made++;
      this.#sockets.add(socket);
      if (neverReads) socket.pause();
      else socket.resume();
      if (words !== "") socket.write(words);
      resolve();
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      if (!isMade) this.#failed++;
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#emptied?.resolve();
      resolve();
    });
    return promise;
  }
}

/** The first words of a client of TLS, as this runtime says them. */
async function recordHello(): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = Deno.connectTls(listener.addr);
  client.catch(() => {});
  using conn = await listener.accept();
  const buffer = new Uint8Array(4_096);
  const count = await conn.read(buffer) ?? 0;
  return buffer.subarray(0, count);
}
