/**
 * The state role: game clients over HTTP, their states over ZeroMQ.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { hostAndPort } from "../../net/address.ts";
import type { ListenAddress } from "../../net/tcp/listening.ts";
import { connectionSamples } from "../../net/tcp/connection_samples.ts";
import type { HttpLimits } from "../../net/http/limits.ts";
import { HttpServer } from "../../net/http/server.ts";
import type { TcpServerLimits } from "../../net/tcp/limits.ts";
import type { TlsIdentity } from "../../net/tcp/tls_identity.ts";
import { ZMQ_PEER_LIMITS } from "../../net/zmq/peer_limits.ts";
import { CalibrationFiles } from "../../store/calibration_files.ts";
import { WRONG_LOGIN } from "../../wire/zmq/handshake.ts";
import type { Role } from "../role.ts";
import { StateChannel } from "./channel.ts";
import { clientsByState } from "./counters.ts";
import { GameGuard, type GameGuardOptions } from "./guard.ts";
import { GameHttp } from "./http.ts";
import { Intermediary } from "../../net/zmq/forwarder.ts";
import { BODY_BYTES_MAX } from "./options.ts";
import { GAME_HEADERS } from "./replies.ts";
import { GameService, type GameServiceOptions } from "./service.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode StateRole}. */
export interface StateRoleOptions extends Omit<GameServiceOptions, "publish"> {
  /** Where to listen for HTTP and WebSocket; port 0 picks one. */
  addresses: readonly ListenAddress[];
  /** Where publishers connect by TCP. */
  publishers: readonly ListenAddress[];
  /** Where subscribers connect by TCP. */
  subscribers: readonly ListenAddress[];
  /** The folder of calibration files; none if not given. */
  calibrationDirectory?: string | undefined;
  /** Limits of connections and requests. */
  limits?: Partial<HttpLimits & TcpServerLimits>;
  /** Speaks HTTPS, and WebSocket over it, with this certificate. */
  tls?: TlsIdentity | undefined;
  /** The clock of the connections' deadlines; the system's if not given. */
  clock?: Clock;
  /** Decides who may operate the game and publish what. */
  guard?: GameGuardOptions;
  /** Checks a password; given if publishers and requesters must log in with PLAIN. */
  isPublisherPassword?: ((password: string) => boolean) | undefined;
  /** Called with one sentence when a ZeroMQ peer broke the protocol and was disconnected. */
  onViolation?: (message: string, address: string) => void;
  /** Called with errors of the role itself, which never reach a peer. */
  onError?: (error: unknown) => void;
}

/** A role has one second to end; the rest is for closing. */
const DRAIN_MS = 400;
/** A wake-up may come this late on a busy machine before it counts as a fault, in milliseconds. */
const DEADLINE_OVERDUE_MS_MAX = 5_000;

/** Serves game clients and their operators. */
export class StateRole implements Role {
  readonly name = "state";
  /** The game server without its sockets. */
  readonly service: GameService;
  /** Forwards all publications. */
  readonly intermediary: Intermediary;
  readonly #server: HttpServer;
  #stopping: Promise<void> | undefined;

  private constructor(options: StateRoleOptions) {
    const { onError, clock, limits } = options;
    this.service = new GameService({
      ...options,
      publish: (message) => this.intermediary.publish(message),
    });
    const guard = new GameGuard(options.guard);
    const { isPublisherPassword } = options;
    const channel = new StateChannel(this.service, guard);
    const serverLimits = { ...limits, drainMs: DRAIN_MS };
    this.intermediary = Intermediary.start({
      publishers: options.publishers,
      subscribers: options.subscribers,
      serverLimits,
      limits: { handshakeMs: Math.min(ZMQ_PEER_LIMITS.handshakeMs, limits?.headMs ?? Infinity) },
      admits: (topic, prefixBytes) => channel.admits(topic, prefixBytes),
      onSubscribe: (topic, reply) => channel.onSubscribe(topic, reply),
      onRequest: (frames, { peer }) => channel.onRequest(frames, peer),
      takes: (message, peer) => channel.takes(message, peer),
      refusalOf: (field) => guard.pageRefusal("channel", field),
      publisherMechanism: isPublisherPassword && {
        name: "PLAIN",
        admit: (_, password) => isPublisherPassword(password),
      },
      onViolation: ({ address }, message) => {
        if (message === WRONG_LOGIN) options.guard?.onWrongToken?.(address);
        options.onViolation?.(message, address);
      },
      onError,
    });
    channel.attach(this.intermediary);
    const http = new GameHttp(
      this.service,
      new CalibrationFiles(options.calibrationDirectory),
      guard,
      (path) => this.intermediary.hasDoor(path),
    );
    try {
      this.#server = HttpServer.listen({
        addresses: options.addresses,
        syntax: "hand-made",
        upgrade: (head, handover) => this.intermediary.upgrade(head, handover),
        fetch: (request, { peer }) => http.answer(request, peer),
        ownReplyHeaders: GAME_HEADERS,
        limits: { ...serverLimits, bodyBytesMax: BODY_BYTES_MAX },
        tls: options.tls,
        clock,
        onError,
      });
    } catch (error) {
      inBackground(this.intermediary.close());
      throw error;
    }
  }

  /**
   * Starts the role. Members of an earlier run must have been restored.
   *
   * @throws {ListenError} if an address cannot be listened on.
   * @throws {RangeError} if an option is out of range.
   */
  static start(options: StateRoleOptions): StateRole {
    const role = new StateRole(options);
    role.service.restore();
    return role;
  }

  /** Where it can be reached: HTTP first, then publishers and subscribers by TCP. */
  get addresses(): readonly string[] {
    return [
      ...this.#server.urls,
      ...this.intermediary.publisherAddresses.map((address) => `tcp://${hostAndPort(address)}`),
      ...this.intermediary.subscriberAddresses.map((address) => `tcp://${hostAndPort(address)}`),
    ];
  }

  /** Disconnects peers whose token is no longer valid. */
  tokensChanged(): void {
    this.intermediary.endUnadmitted();
  }

  /** @inheritdoc */
  selfCheck(now: number): string | undefined {
    if (this.#stopping !== undefined) return "Cannot take heartbeats: the role has stopped";
    const overdueMs = now - (this.service.nextWake() ?? now);
    if (overdueMs <= DEADLINE_OVERDUE_MS_MAX) return undefined;
    return `Cannot notice silence: a timebomb is overdue by ${Math.round(overdueMs)} ms`;
  }

  /** @inheritdoc */
  metrics(): Readonly<Record<string, number>> {
    const zmq = this.intermediary.counters;
    return {
      ...this.service.counters.samples(),
      ...clientsByState(this.service.clients.values()),
      'mlf_zmq_peers{side="publisher"}': zmq.publishers,
      'mlf_zmq_peers{side="subscriber"}': zmq.subscribers,
      'mlf_zmq_peers{side="requester"}': zmq.requesters,
      'mlf_zmq_messages_total{dir="in"}': zmq.received,
      'mlf_zmq_messages_total{dir="out"}': zmq.sent,
      mlf_zmq_requests_total: zmq.requests,
      mlf_zmq_refused_total: zmq.refused,
      mlf_zmq_dropped_total: zmq.dropped,
      mlf_zmq_violations_total: zmq.violations,
      ...connectionSamples(this.name, [this.#server, ...this.intermediary.ports]),
    };
  }

  /** @inheritdoc */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** @inheritdoc */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.service.identities.close();
    await Promise.all([this.intermediary.close(), this.#server.close()]);
  }
}
