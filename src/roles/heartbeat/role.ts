/**
 * The heartbeat role: the Hilbert protocol on its port.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import type { Peer } from "../../net/address.ts";
import { connectionSamples } from "../../net/tcp/connection_samples.ts";
import type { ListenAddress } from "../../net/tcp/listening.ts";
import type { HttpLimits } from "../../net/http/limits.ts";
import { HttpServer } from "../../net/http/server.ts";
import type { TcpServerLimits } from "../../net/tcp/limits.ts";
import type { TlsIdentity } from "../../net/tcp/tls_identity.ts";
import type { HilbertIdentity } from "../../wire/hilbert/identity.ts";
import type { Role } from "../role.ts";
import { answerHttp, HEARTBEAT_HEADERS } from "./http.ts";
import { HeartbeatService, type HeartbeatServiceOptions } from "./service.ts";

/** Options of {@linkcode HeartbeatRole}. */
export interface HeartbeatRoleOptions extends HeartbeatServiceOptions {
  /** Where to listen; `127.0.0.1:8888` only. Port 0 picks one. */
  addresses?: readonly ListenAddress[];
  /** Limits of connections and requests. */
  limits?: Partial<HttpLimits & TcpServerLimits>;
  /** Speaks HTTPS with this certificate. */
  tls?: TlsIdentity | undefined;
  /** The clock of the connections' deadlines; the system's if not given. */
  clock?: Clock;
  /** Called with errors of the role itself, which never reach a peer. */
  onError?: (error: unknown) => void;
}

/** Default of {@linkcode HeartbeatRoleOptions.addresses}: this machine only. */
export const HEARTBEAT_ADDRESS_DEFAULT: Peer = { hostname: "127.0.0.1", port: 8888 };

/** A role has one second to end; the rest is for closing. */
const DRAIN_MS = 800;

/**
 * Listens for heartbeats. Its owner advances the members at the deadlines given to `wake`, so that
 * silence is noticed even if nobody asks.
 */
export class HeartbeatRole implements Role {
  readonly name = "heartbeat";
  /** The protocol without its socket. */
  readonly service: HeartbeatService;
  readonly #server: HttpServer;
  #isStopped = false;

  private constructor(service: HeartbeatService, options: HeartbeatRoleOptions) {
    this.service = service;
    this.#server = HttpServer.listen({
      addresses: options.addresses ?? [HEARTBEAT_ADDRESS_DEFAULT],
      // Lenient syntax: technicians try the port with printf and netcat, and the original server
      // answers them.
      syntax: "hand-made",
      fast: (head, peer) => answerHttp(service, head, peer),
      ownReplyHeaders: HEARTBEAT_HEADERS,
      limits: { drainMs: DRAIN_MS, ...options.limits },
      tls: options.tls,
      clock: options.clock,
      onError: options.onError,
    });
  }

  /**
   * Starts the role, and announces the expected applications. Records of an earlier run must have
   * been restored.
   *
   * @throws {ListenError} if an address cannot be listened on.
   * @throws {RangeError} if an option is out of range.
   */
  static start(options: HeartbeatRoleOptions): HeartbeatRole {
    const role = new HeartbeatRole(new HeartbeatService(options), options);
    for (const id of role.service.expect()) {
      options.onError?.(new Error(`Cannot watch expected application "${id}": there is no room`));
    }
    return role;
  }

  /** Replaces the expected applications; returns those for which there is no room. */
  expectInstead(expected: readonly HilbertIdentity[]): string[] {
    return this.service.expectInstead(expected);
  }

  /** Where it can be reached, as URLs. */
  get addresses(): readonly string[] {
    return this.#server.urls;
  }

  /** @inheritdoc */
  selfCheck(now: number): string | undefined {
    if (this.#isStopped) return "Cannot take heartbeats: the role has stopped";
    return this.service.selfCheck(now);
  }

  /** @inheritdoc */
  metrics(): Readonly<Record<string, number>> {
    return {
      ...this.service.counters.samples(),
      hilbert_applications: this.service.roster.size,
      ...connectionSamples(this.name, [this.#server]),
    };
  }

  /** @inheritdoc */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#server.close();
  }

  /** @inheritdoc */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
