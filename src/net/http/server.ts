/**
 * The HTTP server behind every HTTP port.
 *
 * ```ts
 * import { HttpServer } from "./server.ts";
 *
 * await using server = HttpServer.listen({
 *   addresses: [{ hostname: "127.0.0.1", port: 0 }],
 *   fetch: (request) => new Response(`You asked for ${request.url}\n`),
 * });
 * const [address] = server.addresses;
 * const response = await fetch(`http://127.0.0.1:${address?.port}/`);
 * console.log(await response.text());
 * ```
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { httpDate } from "../../wire/http1/status.ts";
import { fieldLines } from "../../wire/http1/writer.ts";
import { hostAndPort, type Peer } from "../address.ts";
import type { Phase } from "../tcp/connection_limits.ts";
import { HttpConnection } from "./connection.ts";
import { HTTP_LIMITS, type HttpLimits } from "./limits.ts";
import type { HttpContext, HttpService } from "./service.ts";
import type { ListenAddress } from "../tcp/listening.ts";
import { RepeatedReply } from "./repeated_reply.ts";
import type { TlsIdentity } from "../tcp/tls_identity.ts";
import { TcpServer, type TcpServerCounters } from "../tcp/server.ts";
import type { TcpServerLimits } from "../tcp/limits.ts";

/** Options of {@linkcode HttpServer.listen}. */
export interface HttpServerOptions extends HttpService {
  /** The addresses to listen on, at least one; port 0 picks one. */
  readonly addresses: readonly ListenAddress[];
  /** Defaults are in {@linkcode HTTP_LIMITS} and {@linkcode TCP_SERVER_LIMITS}. */
  readonly limits?: Partial<HttpLimits & TcpServerLimits> | undefined;
  /** Speaks HTTPS with this certificate; HTTP if not given. */
  readonly tls?: TlsIdentity | undefined;
  /** The clock of the deadlines and of `Date`; the system's if not given. */
  readonly clock?: Clock | undefined;
}

/**
 * The most bytes of waiting replies on one connection. The limits keep the queue below this: one
 * reply beyond `pendingBytes`.
 */
const QUEUE_BYTES = 67_108_864;

/** How long browsers that have seen HTTPS insist on HTTPS, in seconds. */
const HSTS_SECONDS = 2_592_000;
/**
 * HSTS, on every reply of a port with TLS: an impostor cannot lead a returning browser to plain
 * HTTP.
 */
const TLS_LINES = fieldLines([["Strict-Transport-Security", `max-age=${HSTS_SECONDS}`]]);

/**
 * An HTTP/1.1 server that keeps answering whatever its peers do. It is strict: it refuses a request
 * that two readers could understand differently, and ends the connection.
 */
export class HttpServer implements AsyncDisposable {
  readonly #server: TcpServer;
  readonly #scheme: "http" | "https";

  private constructor(options: HttpServerOptions) {
    const limits = { ...HTTP_LIMITS, ...options.limits };
    const context = new Context(options, limits, options.tls === undefined ? "" : TLS_LINES);
    this.#scheme = options.tls === undefined ? "http" : "https";
    this.#server = TcpServer.listen({
      addresses: options.addresses,
      serve: (connection) => new HttpConnection(connection, context).run(),
      limits: limitsOfServer(options.limits),
      connectionLimits: { queueBytes: QUEUE_BYTES, writeStallMs: limits.writeStallMs },
      clock: options.clock,
      tls: options.tls,
      onError: (error) => options.onError?.(error),
    });
    context.server = this.#server;
  }

  /**
   * Starts to serve.
   *
   * @throws {ListenError} if one of the addresses cannot be listened on; the server then uses none.
   */
  static listen(options: HttpServerOptions): HttpServer {
    return new HttpServer(options);
  }

  /** Where the server listens, with the ports that were picked. */
  get addresses(): Peer[] {
    return this.#server.addresses;
  }

  /** The same as URLs, such as `http://127.0.0.1:8888`. */
  get urls(): string[] {
    return this.addresses.map((address) => `${this.#scheme}://${hostAndPort(address)}`);
  }

  /** Open connections. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Open connections in a phase. */
  connectionsIn(phase: Phase): number {
    return this.#server.connectionsIn(phase);
  }

  /** The counters so far. */
  get counters(): TcpServerCounters {
    return this.#server.counters;
  }

  /** Stops as {@linkcode TcpServer.close} does. Idempotent. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Stops as {@linkcode HttpServer.close} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const COUNTS = ["connectionsMax", "connectionsPerAddressMax", "drainMs"] as const;
type Count = typeof COUNTS[number];

function limitsOfServer(limits: Partial<TcpServerLimits> = {}): Partial<TcpServerLimits> {
  const chosen: { -readonly [K in Count]?: number } = {};
  for (const name of COUNTS) {
    const value = limits[name];
    if (value !== undefined) chosen[name] = value;
  }
  return limits.sources === undefined ? chosen : { ...chosen, sources: limits.sources };
}

class Context implements HttpContext {
  readonly service: HttpService;
  readonly limits: HttpLimits;
  readonly lines: string;
  readonly repeated: RepeatedReply;
  server: TcpServer | undefined;
  #second = -1;
  #date = "";

  constructor(service: HttpService, limits: HttpLimits, lines: string) {
    this.service = service;
    this.limits = limits;
    this.lines = lines;
    this.repeated = new RepeatedReply(lines);
  }

  get isStopping(): boolean {
    return this.server?.isStopping ?? false;
  }

  get date(): string {
    const wallMs = this.server?.deadlines.clock.wall() ?? 0;
    const second = Math.floor(wallMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = httpDate(wallMs);
    }
    return this.#date;
  }
}
