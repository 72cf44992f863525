/**
 * The forwarder between publishers and subscribers, with a door for requests (mlf.md section 4).
 *
 * @module
 */

import type { Peer } from "../address.ts";
import type { TcpServerLimits } from "../tcp/limits.ts";
import type { ListenAddress } from "../tcp/listening.ts";
import type { Handover } from "../http/service.ts";
import { TcpServer } from "../tcp/server.ts";
import type { ZmqSocketOptions } from "./hub.ts";
import type { ZmqRemote } from "./peer.ts";
import { ZmqRouter, type ZmqRouterOptions } from "./router.ts";
import {
  askUser,
  type FaultListener,
  reportFault,
  tellUser,
  tellUserOr,
} from "../user_callback.ts";
import { lastSegment, upgradeToZmq, type ZmqDoors } from "./upgrade.ts";
import { ZmqXPub, type ZmqXPubOptions } from "./xpub.ts";
import { ZmqXSub } from "./xsub.ts";
import type { RequestHead } from "../../wire/http1/request_head.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { SubscriptionTree } from "../../wire/zmq/subscription_tree.ts";
import { inBackground } from "../background.ts";

/** @ignore A door for WebSocket: the last segment of its path. */
export type ZmqDoor = "pub" | "sub" | "req";

/** What an intermediary has done so far. */
export interface IntermediaryCounters {
  /** Connected publishers. */
  readonly publishers: number;
  /** Connected subscribers. */
  readonly subscribers: number;
  /** Peers connected to the door for requests. */
  readonly requesters: number;
  /** Messages that publishers sent. */
  readonly received: number;
  /** Messages sent to subscribers, counted once for each subscriber. */
  readonly sent: number;
  /** Requests received. */
  readonly requests: number;
  /** Messages of publishers that were refused and not passed on. */
  readonly refused: number;
  /** Messages that slow peers missed. */
  readonly dropped: number;
  /** Peers that broke the protocol. */
  readonly violations: number;
}

/** Sends a message to one new subscriber. */
export type LastValueReply = (message: readonly (Uint8Array | string)[]) => void;

/** Called with each message on a topic; its first frame is the whole topic. */
export type TopicListener = (message: ZmqMessage) => void;

/** Options of `Intermediary`. */
export interface IntermediaryOptions extends ZmqSocketOptions {
  /** TCP addresses where publishers connect; port 0 picks one. */
  readonly publishers?: readonly ListenAddress[] | undefined;
  /** TCP addresses where subscribers connect; port 0 picks one. */
  readonly subscribers?: readonly ListenAddress[] | undefined;
  /** Connection limits of the TCP addresses, including the time to drain at a close. */
  readonly serverLimits?: Partial<TcpServerLimits> | undefined;
  /** Limits of the sockets; limits that are not given have the sockets' defaults. */
  readonly limits?: NonNullable<ZmqXPubOptions["limits"]> | undefined;
  /** Which subscriptions match a topic, as in {@linkcode ZmqXPubOptions}. */
  readonly admits?: ZmqXPubOptions["admits"] | undefined;
  /**
   * Called with each new subscription of a subscriber. A message given to `reply` goes to that
   * subscriber alone: for example the last value, for subscribers that come late.
   */
  readonly onSubscribe?: ((topic: Uint8Array, reply: LastValueReply) => void) | undefined;
  /** Answers requests; if not given, requests get no reply. */
  readonly onRequest?: ZmqRouterOptions["onRequest"] | undefined;
  /**
   * Whether to pass a publisher's message on; refused messages are counted. If not given, all are
   * passed on; if it throws, the message is refused.
   */
  readonly takes?: ((message: ZmqMessage, peer: ZmqRemote) => boolean) | undefined;
  /**
   * Why a WebSocket peer is refused, judged by the fields of its request. If not given, none is
   * refused; if it throws, the peer is.
   */
  readonly refusalOf?: (field: (name: string) => string | undefined) => string | undefined;
  /**
   * How publishers and requesters authenticate; as in `mechanism`, which applies to all, if not
   * given.
   */
  readonly publisherMechanism?: ZmqSocketOptions["mechanism"] | undefined;
  /** Called with errors of the functions given here; they go to standard error if not given. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Passes every message of every publisher unchanged to the subscribers that want it, over any
 * transport, and lets the program itself publish, listen and answer.
 *
 * Each publisher is asked for all topics as soon as it connects: it would discard messages that
 * nobody has subscribed to yet. Subscriptions are also passed on to publishers that watch them.
 *
 * @example
 * ```ts
 * import { Intermediary, ZmqPub, ZmqSub } from "@pulsebox/pulsebox";
 *
 * const loopback = [{ hostname: "127.0.0.1", port: 0 }];
 * await using forwarder = Intermediary.start({ publishers: loopback, subscribers: loopback });
 * await using sub = new ZmqSub(`tcp://127.0.0.1:${forwarder.subscriberAddresses[0]?.port}`, {
 *   topics: ["Timeline"],
 * });
 * await using pub = new ZmqPub(`tcp://127.0.0.1:${forwarder.publisherAddresses[0]?.port}`);
 * await pub.subscribed("Timeline");
 * pub.send(["Timeline", "00:01"]);
 * for await (const [, time] of sub) {
 *   console.log(new TextDecoder().decode(time)); // 00:01
 *   break;
 * }
 * ```
 */
export class Intermediary implements AsyncDisposable {
  /** The door for publishers. */
  readonly xsub: ZmqXSub;
  /** The door for subscribers. */
  readonly xpub: ZmqXPub;
  /** The door for requests. */
  readonly router: ZmqRouter;
  /** The topics that this program itself listens to. */
  readonly #listeners = new SubscriptionTree<TopicListener>();
  readonly #onError: FaultListener;
  readonly #doors: ZmqDoors;
  /** @ignore The ports for TCP. */
  readonly ports: readonly TcpServer[];
  readonly #servers: TcpServer[] = [];
  #publisherServer: TcpServer | undefined;
  #subscriberServer: TcpServer | undefined;
  readonly #takes: NonNullable<IntermediaryOptions["takes"]>;
  readonly #refusalOf: IntermediaryOptions["refusalOf"];
  #refused = 0;
  #closing: Promise<void> | undefined;

  private constructor(options: IntermediaryOptions) {
    const { admits, mechanism, limits, onSubscribe, onViolation } = options;
    this.ports = this.#servers;
    const onFault = (error: unknown) => reportFault(error, options.onError);
    this.#onError = onFault;
    const common: ZmqSocketOptions = { mechanism, limits, onViolation };
    const { publisherMechanism = mechanism, takes = () => true, refusalOf } = options;
    const ofPublishers = { ...common, mechanism: publisherMechanism };
    this.#takes = (message, peer) => askUser(takes, { answer: false, onFault }, message, peer);
    this.#refusalOf = refusalOf &&
      ((field) => askUser(refusalOf, { answer: "Cannot be judged", onFault }, field));
    this.xsub = new ZmqXSub({
      ...ofPublishers,
      onMessage: (message, peer) => this.#onPublication(message, peer),
    });
    this.xpub = new ZmqXPub({
      ...common,
      admits: admits &&
        ((topic, prefixBytes) => askUser(admits, { answer: false, onFault }, topic, prefixBytes)),
      onSubscribe: onSubscribe &&
        ((peer, topic) =>
          tellUserOr(onFault, onSubscribe, topic, (message) => {
            this.xpub.publishTo(peer, message);
          })),
      onDemand: (action, topic) => {
        if (action === "subscribe") this.xsub.subscribe(topic);
        else this.xsub.unsubscribe(topic);
      },
    });
    this.router = new ZmqRouter({
      ...ofPublishers,
      onRequest: options.onRequest ?? (() => undefined),
      onError: this.#onError,
    });
    const doors: Readonly<Record<ZmqDoor, ZmqXSub | ZmqXPub | ZmqRouter>> = {
      pub: this.xsub,
      sub: this.xpub,
      req: this.router,
    };
    this.#doors = new Map(Object.entries(doors));
    // Never cancelled, so that an empty subscription of a subscriber changes nothing.
    this.xsub.subscribe("");
  }

  /**
   * Starts to listen.
   *
   * @throws {ListenError} if one of the addresses cannot be listened on; the others are then
   * released.
   */
  static start(options: IntermediaryOptions): Intermediary {
    const intermediary = new Intermediary(options);
    try {
      intermediary.#listen(options);
    } catch (error) {
      inBackground(intermediary.close());
      throw error;
    }
    return intermediary;
  }

  /** Where publishers connect by TCP, with the ports that were picked. */
  get publisherAddresses(): Peer[] {
    return this.#publisherServer?.addresses ?? [];
  }

  /** Where subscribers connect by TCP, with the ports that were picked. */
  get subscriberAddresses(): Peer[] {
    return this.#subscriberServer?.addresses ?? [];
  }

  /** The counters so far. */
  get counters(): IntermediaryCounters {
    const counters = [this.xsub, this.xpub, this.router].map((socket) => socket.counters);
    const sum = (name: "dropped" | "violations") =>
      counters.reduce((total, each) => total + each[name], 0);
    return {
      publishers: this.xsub.hub.peers.size,
      subscribers: this.xpub.hub.peers.size,
      requesters: this.router.hub.peers.size,
      received: this.xsub.counters.received,
      sent: this.xpub.sent,
      requests: this.router.counters.received,
      refused: this.#refused,
      dropped: sum("dropped"),
      violations: sum("violations"),
    };
  }

  /**
   * Sends a message to the subscribers, as if a publisher had; this program's own listeners do not
   * get it.
   *
   * @param message Its first frame is the topic; text is sent as UTF-8.
   * @return The number of peers it was sent to.
   */
  publish(message: readonly (Uint8Array | string)[]): number {
    return this.xpub.publish(message);
  }

  /**
   * Listens to a topic of the publishers.
   *
   * @param topic A prefix of topics, as in ZeroMQ; the message's first frame is the whole topic.
   * @param listener Called for each message, before subscribers get it. Use each function once.
   * @return Dispose of it to stop listening.
   */
  listen(topic: Uint8Array | string, listener: TopicListener): Disposable {
    const bytes = typeof topic === "string" ? new TextEncoder().encode(topic) : topic;
    if (this.#listeners.add(bytes, listener) !== "same") this.xsub.subscribe(bytes);
    return {
      [Symbol.dispose]: () => {
        if (this.#listeners.remove(bytes, listener) !== "same") this.xsub.unsubscribe(bytes);
      },
    };
  }

  /**
   * Admits a WebSocket peer at the door that its path ends in: `pub`, `sub` or `req`. Meant for
   * `HttpService.upgrade` of the server that shares its port with the game's HTTP.
   *
   * @return A promise of the end of the connection, or undefined if there is no such door.
   * @internal
   */
  upgrade(head: RequestHead, handover: Handover): Promise<void> | undefined {
    return upgradeToZmq(head, handover, this.#doors, this.#refusalOf);
  }

  /**
   * Whether a path leads to a door.
   *
   * @internal
   */
  hasDoor(path: string): boolean {
    return this.#doors.has(lastSegment(path));
  }

  /** Disconnects the peers whose name and password are no longer accepted. */
  endUnadmitted(): void {
    for (const { hub } of [this.xsub, this.xpub, this.router]) hub.endUnadmitted();
  }

  /** Ends everything; each step takes at most half a second. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listen(
    { publishers = [], subscribers = [], serverLimits, onError }: IntermediaryOptions,
  ): void {
    const start = (addresses: readonly ListenAddress[], socket: ZmqXSub | ZmqXPub) => {
      const server = TcpServer.listen({
        addresses,
        serve: (connection) => socket.hub.serve(connection),
        connectionLimits: { queueBytes: Infinity },
        onError: (error) => tellUser(onError, error),
        limits: serverLimits,
      });
      this.#servers.push(server);
      return server;
    };
    if (publishers.length > 0) this.#publisherServer = start(publishers, this.xsub);
    if (subscribers.length > 0) this.#subscriberServer = start(subscribers, this.xpub);
  }

  #onPublication(message: ZmqMessage, peer: ZmqRemote): void {
    if (this.#takes(message, peer)) this.#forward(message);
    else this.#refused++;
  }

  #forward(message: ZmqMessage): void {
    const topic = message[0] as Uint8Array;
    this.#listeners.match(topic, (listeners) => {
      for (const listener of listeners) tellUserOr(this.#onError, listener, message);
    });
    this.xpub.publish(message);
  }

  async #close(): Promise<void> {
    const sockets = [this.xsub, this.xpub, this.router];
    const servers = this.#servers.map((server) => server.close());
    await Promise.all(sockets.map((socket) => socket.close()));
    await Promise.all(servers);
  }
}
