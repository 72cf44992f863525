/**
 * A network in memory: listeners, connections and datagrams that behave as Deno's do.
 *
 * @module
 */

import { Pipe, type Place, VirtualConn } from "./virtual_conn.ts";
import type { Ordeal } from "./ordeal.ts";
import type { VirtualTime } from "./virtual_time.ts";

const FIRST_PICKED_PORT = 20_000;

/** A listener, with the methods of `Deno.TcpListener` that are used. */
class VirtualListener implements Disposable {
  readonly addr: Deno.NetAddr;
  readonly #onClose: () => void;
  readonly #backlog: (VirtualConn | Error)[] = [];
  readonly #accepting: PromiseWithResolvers<VirtualConn>[] = [];
  #isClosed = false;

  constructor(place: Place, onClose: () => void) {
    this.addr = { transport: "tcp", ...place };
    this.#onClose = onClose;
  }

  accept(): Promise<VirtualConn> {
    if (this.#isClosed) {
      return Promise.reject(new Deno.errors.BadResource("Listener has been closed"));
    }
    const next = this.#backlog.shift();
    if (next instanceof Error) return Promise.reject(next);
    if (next !== undefined) return Promise.resolve(next);
    const accepting = Promise.withResolvers<VirtualConn>();
    this.#accepting.push(accepting);
    return accepting.promise;
  }

  /** A connection, or why there is none, for whoever accepts. */
  offer(conn: VirtualConn | Error): void {
    const accepting = this.#accepting.shift();
    if (accepting === undefined) this.#backlog.push(conn);
    else if (conn instanceof Error) accepting.reject(conn);
    else accepting.resolve(conn);
  }

  close(): void {
    if (this.#isClosed) throw new Deno.errors.BadResource("Bad resource ID");
    this.#isClosed = true;
    for (const waiting of this.#backlog) if (!(waiting instanceof Error)) waiting.reset();
    for (const accepting of this.#accepting) {
      accepting.reject(new Deno.errors.BadResource("Listener has been closed"));
    }
    this.#onClose();
  }

  ref(): void {}
  unref(): void {}
  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }
}

/** A socket for datagrams. */
export class VirtualDatagramSocket {
  readonly addr: Deno.NetAddr;
  readonly #network: VirtualNetwork;
  readonly #received: [bytes: Uint8Array, from: Deno.NetAddr, at: number][] = [];
  #receiving: PromiseWithResolvers<void> | undefined;
  #isClosed = false;
  /** What may go wrong with it; undefined with a peer's. */
  ordeal: Ordeal | undefined;

  constructor(place: Place, network: VirtualNetwork) {
    this.addr = { transport: "udp", ...place };
    this.#network = network;
  }

  async receive(buffer: Uint8Array): Promise<[Uint8Array, Deno.NetAddr]> {
    for (;;) {
      if (this.#isClosed) throw new Deno.errors.BadResource("Bad resource ID");
      const next = this.#received.shift();
      if (next !== undefined) {
        const count = Math.min(next[0].length, buffer.length);
        buffer.set(next[0].subarray(0, count));
        return [buffer.subarray(0, count), next[1]];
      }
      this.#receiving ??= Promise.withResolvers();
      await this.#receiving.promise;
    }
  }

  send(bytes: Uint8Array, to: Deno.Addr): Promise<number> {
    if (this.ordeal?.strikes("send")) {
      const error = new Error("Network is unreachable (os error 101)");
      return Promise.reject(Object.assign(error, { code: "ENETUNREACH" }));
    }
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
    this.#network.deliver(bytes.slice(), this.addr, to as Deno.NetAddr);
    return Promise.resolve(bytes.length);
  }

  /** What was received and waits, with who sent it and when it came. */
  takeReceived(): [bytes: Uint8Array, from: Deno.NetAddr, at: number][] {
    return this.#received.splice(0);
  }

  arrive(bytes: Uint8Array, from: Deno.NetAddr, at: number): void {
    this.#received.push([bytes, from, at]);
    this.#receiving?.resolve();
    this.#receiving = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#receiving?.resolve();
    this.#network.drop(this);
  }

  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }
}

/** All listeners and connections of the simulated machine. */
export class VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #ordeal: Ordeal;
  readonly #listeners = new Map<number, VirtualListener>();
  readonly #datagrams = new Map<number, VirtualDatagramSocket>();
  readonly #conns = new Set<VirtualConn>();
  readonly #serverEnds = new WeakSet<VirtualConn>();
  /** Datagram sockets of the host itself. */
  readonly #ownDatagrams = new Set<VirtualDatagramSocket>();
  #lastPort = FIRST_PICKED_PORT;
  readonly #real = {
    listen: Deno.listen,
    connect: Deno.connect,
    listenDatagram: Deno.listenDatagram,
  };

  constructor(time: VirtualTime, ordeal: Ordeal) {
    this.#time = time;
    this.#ordeal = ordeal;
  }

  /** Ends of connections that are open. */
  get openConns(): number {
    return this.#conns.size;
  }

  /** Connections of others that the host holds. */
  get serverEnds(): number {
    return [...this.#conns].filter((conn) => this.#serverEnds.has(conn)).length;
  }

  /** Ports on which something listens for connections. */
  get ports(): number[] {
    return [...this.#listeners.keys()].sort((a, b) => a - b);
  }

  /** Listeners and datagram sockets that the host has open. */
  get openSockets(): number {
    return this.#listeners.size + this.#ownDatagrams.size;
  }

  /**
   * Connects from an address.
   *
   * @param windowBytes What the system holds for the caller until the caller reads it.
   */
  connect(to: Place, from?: string, windowBytes?: number): VirtualConn {
    const { client, server } = this.#pair(to, from ?? "127.0.0.1", windowBytes);
    this.#serverEnds.add(server);
    return client;
  }

  #pair(to: Place, from: string, windowBytes?: number): Record<"client" | "server", VirtualConn> {
    this.#time.noteActivity();
    const listener = this.#listeners.get(to.port);
    if (listener === undefined) throw new Deno.errors.ConnectionRefused("Connection refused");
    const there = new Pipe(this.#time);
    const back = new Pipe(this.#time, windowBytes);
    const near: Place = { hostname: from, port: ++this.#lastPort };
    const client = new VirtualConn(near, to, back, there, () => this.#conns.delete(client));
    const server = new VirtualConn(to, near, there, back, () => this.#conns.delete(server));
    this.#conns.add(client).add(server);
    server.ordeal = this.#ordeal;
    // The connection waits until the system has room for it.
    if (this.#ordeal.strikes("accept")) listener.offer(noRoom());
    listener.offer(server);
    return { client, server };
  }

  /** Makes the next `accept` of a port fail. */
  failAccept(port: number, error: Error): void {
    this.#time.noteActivity();
    this.#listeners.get(port)?.offer(error);
  }

  /** Binds a datagram socket of a peer. */
  bind(place: Place): VirtualDatagramSocket {
    const port = place.port === 0 ? ++this.#lastPort : place.port;
    if (this.#datagrams.has(port)) throw new Deno.errors.AddrInUse("Address already in use");
    const socket = new VirtualDatagramSocket({ ...place, port }, this);
    this.#datagrams.set(port, socket);
    return socket;
  }

  /** Brings a datagram to whoever has bound its port. */
  deliver(bytes: Uint8Array, from: Deno.NetAddr, to: Place): void {
    this.#time.noteActivity();
    this.#datagrams.get(to.port)?.arrive(bytes, from, this.#time.now);
  }

  /** Forgets a datagram socket that was closed. */
  drop(socket: VirtualDatagramSocket): void {
    this.#datagrams.delete(socket.addr.port);
    this.#ownDatagrams.delete(socket);
  }

  /** All is gone at once, as when the process is killed. */
  kill(): void {
    this.#listeners.clear();
    for (const { addr } of this.#ownDatagrams) this.#datagrams.delete(addr.port);
    this.#ownDatagrams.clear();
    for (const conn of this.#conns) if (this.#serverEnds.has(conn)) conn.kill();
    this.#conns.clear();
  }

  /** Takes the place of the machine's network until disposed of. */
  install(): Disposable {
    Object.assign(Deno, {
      listen: (options: Partial<Place>) => this.#listen(options.port ?? 0, options.hostname),
      connect: (options: Partial<Place>) => {
        const { hostname = "127.0.0.1", port = 0 } = options;
        // Only the host itself connects in this way, to itself.
        return Promise.resolve().then(() => this.#pair({ hostname, port }, "127.0.0.1").client);
      },
      listenDatagram: ({ hostname = "127.0.0.1", port = 0 }: Partial<Place>) => {
        if (this.#ordeal.strikes("listen")) {
          throw new Deno.errors.AddrInUse("Address already in use");
        }
        const socket = this.bind({ hostname, port });
        socket.ordeal = this.#ordeal;
        this.#ownDatagrams.add(socket);
        return socket;
      },
    });
    return { [Symbol.dispose]: () => void Object.assign(Deno, this.#real) };
  }

  #listen(asked: number, hostname = "0.0.0.0"): VirtualListener {
    const port = asked === 0 ? ++this.#lastPort : asked;
    const isHeld = this.#listeners.has(port) || this.#ordeal.strikes("listen");
    if (isHeld) throw new Deno.errors.AddrInUse("Address already in use");
    const listener = new VirtualListener({ hostname, port }, () => this.#listeners.delete(port));
    this.#listeners.set(port, listener);
    return listener;
  }
}

/** The system has no descriptor left. */
function noRoom(): Error {
  return Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
}
