/**
 * Listens for ZeroMQ peers at an address.
 *
 * @module
 */

import { formatZmqUrl, parseZmqUrl, type ZmqAddress } from "../../wire/zmq/url.ts";
import type { Peer } from "../address.ts";
import { HttpServer } from "../http/server.ts";
import { TcpServer } from "../tcp/server.ts";
import type { TcpServerLimits } from "../tcp/limits.ts";
import { tellUser } from "../user_callback.ts";
import type { ZmqHub } from "./hub.ts";
import { UPGRADE_REQUIRED_FIELDS } from "../../wire/websocket/upgrade.ts";
import { lastSegment, UPGRADE_REQUIRED, upgradeToZmq, type ZmqDoors } from "./upgrade.ts";

/** A socket that can listen for peers: ZmqXPub, ZmqXSub, ZmqRouter. */
export interface ZmqBindable {
  /**
   * Its peers.
   *
   * @internal
   */
  readonly hub: ZmqHub;
}

/** Options of {@linkcode ZmqServer.listen}. */
export interface ZmqServerOptions {
  /** How many connections are held, and how the server ends. */
  readonly limits?: Partial<TcpServerLimits>;
  /** Called with errors of the system and of this program; they never end the server. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Listens on one address for one socket. The socket may be given to several servers, so that peers
 * of both transports meet; it is not closed with the server.
 *
 * @example
 * ```ts
 * import { ZmqServer, ZmqXPub } from "@pulsebox/pulsebox";
 *
 * await using xpub = new ZmqXPub();
 * await using overTcp = ZmqServer.listen("tcp://127.0.0.1:0", xpub);
 * await using overWebSocket = ZmqServer.listen("ws://127.0.0.1:0/states", xpub);
 * console.log(overTcp.url, overWebSocket.url);
 * ```
 */
export class ZmqServer implements AsyncDisposable {
  readonly #address: ZmqAddress;
  readonly #server: TcpServer | HttpServer;

  private constructor(url: string, socket: ZmqBindable, options: ZmqServerOptions) {
    this.#address = parseZmqUrl(url);
    const { hostname, port, transport, isTls, target } = this.#address;
    if (isTls) throw new TypeError(`Cannot listen on "${url}": must be ws:// or tcp://`);
    const addresses: Peer[] = [{ hostname: hostname === "*" ? "0.0.0.0" : hostname, port }];
    const common = {
      addresses,
      limits: options.limits ?? {},
      onError: (error: unknown) => tellUser(options.onError, error),
    };
    if (transport === "tcp") {
      this.#server = TcpServer.listen({
        ...common,
        serve: (connection) => socket.hub.serve(connection),
        connectionLimits: { queueBytes: Infinity },
      });
    } else {
      const doors = new Map([[lastSegment(target), socket]]);
      this.#server = HttpServer.listen({
        ...common,
        upgrade: (head, handover) => upgradeToZmq(head, handover, doors),
        fetch: ({ url }) => answerVisitor(new URL(url).pathname, doors),
      });
    }
  }

  /**
   * Starts to listen.
   *
   * @param url `tcp://HOST:PORT` or `ws://HOST:PORT/PATH`; port 0 picks one, host `*` means all
   * addresses of IPv4. Of the path only the last segment counts.
   * @param socket The socket that gets the peers.
   * @param options Limits.
   * @throws {TypeError} if the URL is neither.
   * @throws {ListenError} if the address cannot be listened on.
   */
  static listen(url: string, socket: ZmqBindable, options: ZmqServerOptions = {}): ZmqServer {
    return new ZmqServer(url, socket, options);
  }

  /** Where the server listens, with the port that was picked. */
  get url(): string {
    const [{ hostname, port } = this.#address] = this.#server.addresses;
    return formatZmqUrl({ ...this.#address, hostname, port });
  }

  /** Open connections. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Stops listening and ends the connections. Idempotent. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Answers a request that asks for no upgrade. */
function answerVisitor(path: string, doors: ZmqDoors): Response {
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  return doors.has(lastSegment(path))
    ? new Response(`${UPGRADE_REQUIRED}\n`, {
      status: 426,
      headers: { ...headers, ...UPGRADE_REQUIRED_FIELDS },
    })
    : new Response("There is nothing at this address\n", { status: 404, headers });
}
