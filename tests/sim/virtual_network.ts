/**
 * A network in memory: listeners, connections and datagrams that behave as Deno's do.
 *
 * @module
 */

import { Pipe, type Place, VirtualConn } from "./virtual_conn.ts";
import type { Ordeal } from "./ordeal.ts";
import { VirtualDatagramSocket } from "./virtual_datagrams.ts";
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

/** Where a peer waits for connections of the host. */
export interface Door {
  /** `hangs`: nobody answers, as when a cable is out. */
  manner: "opens" | "refuses" | "hangs";
}

interface OpenDoor extends Door {
  readonly place: Place;
  readonly onConnect: (conn: VirtualConn) => void;
}

/** All listeners and connections of the simulated machine. */
export class VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #ordeal: Ordeal;
  readonly #listeners = new Map<number, VirtualListener>();
  readonly #datagrams = new Map<number, VirtualDatagramSocket>();
  readonly #conns = new Set<VirtualConn>();
  readonly #serverEnds = new WeakSet<VirtualConn>();
  readonly #doors: OpenDoor[] = [];
  /** The host's ends of connections that it has opened to others. */
  readonly #outgoing = new Set<VirtualConn>();
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

  /** Connections that the host has opened to others. */
  get outgoing(): number {
    return this.#outgoing.size;
  }

  /** Lets a peer wait for connections of the host. */
  openDoor(place: Place, onConnect: (conn: VirtualConn) => void): Door {
    const door: OpenDoor = { place, onConnect, manner: "opens" };
    this.#doors.push(door);
    return door;
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
    for (const conn of this.#conns) {
      if (this.#serverEnds.has(conn) || this.#outgoing.has(conn)) conn.kill();
    }
    this.#conns.clear();
    this.#outgoing.clear();
  }

  /** Takes the place of the machine's network until disposed of. */
  install(): Disposable {
    Object.assign(Deno, {
      listen: (options: Partial<Place>) => this.#listen(options.port ?? 0, options.hostname),
      connect: (options: Partial<Place>) => {
        const { hostname = "127.0.0.1", port = 0 } = options;
        const door = this.#doors.find(({ place }) =>
          place.hostname === hostname && place.port === port
        );
        // Only the host itself connects in this way: to others, or to itself.
        return Promise.resolve().then(() =>
          door === undefined
            ? this.#pair({ hostname, port }, "127.0.0.1").client
            : this.#knock(door)
        );
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

  /** The host connects to a peer. */
  #knock({ place, manner, onConnect }: OpenDoor): VirtualConn | Promise<VirtualConn> {
    this.#time.noteActivity();
    if (manner === "refuses") throw new Deno.errors.ConnectionRefused("Connection refused");
    // Whoever waits gives up before the system does.
    if (manner === "hangs") return new Promise(() => {});
    const there = new Pipe(this.#time);
    const back = new Pipe(this.#time);
    const near: Place = { hostname: "127.0.0.1", port: ++this.#lastPort };
    const own = new VirtualConn(near, place, back, there, () => {
      this.#conns.delete(own);
      this.#outgoing.delete(own);
    });
    const peer = new VirtualConn(place, near, there, back, () => this.#conns.delete(peer));
    this.#conns.add(own).add(peer);
    this.#outgoing.add(own);
    own.ordeal = this.#ordeal;
    onConnect(peer);
    return own;
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
