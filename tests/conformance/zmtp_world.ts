/**
 * An intermediary with all doors, and a router over TCP, between sockets of libzmq.
 *
 * @module
 */

import type { IntermediaryOptions, ZmqDoor } from "../../src/net/zmq/forwarder.ts";
import { ZmqServer } from "../../src/net/zmq/server.ts";
import { type Transport, ZmqHost } from "../interop/zmq_host.ts";
import { within } from "../support/tcp.ts";
import type { Libzmq, LibzmqSocket, SocketOptions } from "./libzmq.ts";
import { lastingPort } from "../support/lasting_port.ts";

/** One world; each case has its own, and libzmq's process is shared. */
export class ZmtpWorld implements AsyncDisposable {
  host: ZmqHost;
  readonly transport: Transport;
  readonly #libzmq: Libzmq;
  readonly #options: Partial<IntermediaryOptions>;
  #router: ZmqServer;
  readonly #stack = new AsyncDisposableStack();
  readonly #violated = Promise.withResolvers<string>();

  /** @param options Of the intermediary. */
  constructor(libzmq: Libzmq, transport: Transport, options: Partial<IntermediaryOptions> = {}) {
    this.#libzmq = libzmq;
    this.transport = transport;
    this.#options = {
      ...options,
      onViolation: (_, message) => this.#violated.resolve(message),
    };
    this.host = new ZmqHost(this.#options);
    this.#router = ZmqServer.listen(
      `tcp://127.0.0.1:${lastingPort()}`,
      this.host.intermediary.router,
    );
  }

  /** Ends the host and starts another one on its ports. */
  async restart(): Promise<void> {
    const { ports } = this.host;
    const { url } = this.#router;
    await this.#end();
    this.host = new ZmqHost(this.#options, ports);
    this.#router = ZmqServer.listen(url, this.host.intermediary.router);
  }

  /** Where a door is. */
  url(door: ZmqDoor): string {
    const { transport } = this;
    return door === "req" && transport === "tcp"
      ? this.#router.url
      : this.host.url(door, transport);
  }

  /** A socket of libzmq that is connected to a door. */
  async dial(door: ZmqDoor, kind: string, options: SocketOptions = {}): Promise<LibzmqSocket> {
    const socket = await this.socket(kind, options);
    await socket.connect(this.url(door));
    return socket;
  }

  /** A socket of libzmq that waits for us, and where. */
  async bound(kind: string, options: SocketOptions = {}): Promise<[LibzmqSocket, string]> {
    const socket = await this.socket(kind, options);
    const { transport } = this;
    return [
      socket,
      await socket.bind(`${transport}://127.0.0.1:*${transport === "ws" ? "/x" : ""}`),
    ];
  }

  /** A subscriber whose subscriptions have arrived. */
  async subscriber(topics: readonly string[], options: SocketOptions = {}): Promise<LibzmqSocket> {
    const socket = await this.socket("SUB", options);
    for (const topic of topics) await socket.set("SUBSCRIBE", topic);
    await socket.connect(this.url("sub"));
    for (const topic of topics) await this.host.subscribed(topic);
    return socket;
  }

  /** A publisher that knows what is wanted. */
  async publisher(options: SocketOptions = {}): Promise<LibzmqSocket> {
    const socket = await this.dial("pub", "XPUB", options);
    await socket.receive();
    return socket;
  }

  async socket(kind: string, options: SocketOptions = {}): Promise<LibzmqSocket> {
    return this.#stack.use(await this.#libzmq.socket(kind, options));
  }

  /** Holds what has to be closed before the world. */
  use<T extends AsyncDisposable>(value: T): T {
    return this.#stack.use(value);
  }

  /** What the first peer was ended for that broke the protocol. */
  violation(): Promise<string> {
    return within(this.#violated.promise, "a peer breaks the protocol");
  }

  /** The same; `undefined` if nothing comes in time. */
  async violationIn(waitMs: number): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), waitMs);
    const violation = await Promise.race([this.#violated.promise, promise]);
    clearTimeout(timer);
    return violation;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#router.close();
    await this.host[Symbol.asyncDispose]();
  }
}
