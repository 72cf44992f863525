/**
 * What an intermediary tells and counts.
 *
 * @module
 */

import type { ListenAddress } from "../tcp/listening.ts";
import type { TcpServerLimits } from "../tcp/limits.ts";
import type { ZmqSocketOptions } from "./hub.ts";
import type { ZmqRemote } from "./peer.ts";
import type { ZmqRouterOptions } from "./router.ts";
import type { ZmqXPubOptions } from "./xpub.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";

/** @ignore A door for WebSocket: the last segment of its path. */
export type ZmqDoor = "pub" | "sub" | "req";

/** What an intermediary has done so far. */
export interface IntermediaryCounters {
  /** Publishers now. */
  readonly publishers: number;
  /** Subscribers now. */
  readonly subscribers: number;
  /** Peers at the door for requests now. */
  readonly requesters: number;
  /** Messages that publishers sent. */
  readonly received: number;
  /** Messages sent to subscribers; each subscriber counts. */
  readonly sent: number;
  /** Requests that came. */
  readonly requests: number;
  /** Messages of publishers that were not passed on. */
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
  readonly publishers?: readonly ListenAddress[];
  /** TCP addresses where subscribers connect; port 0 picks one. */
  readonly subscribers?: readonly ListenAddress[];
  /** Connection limits of the TCP addresses, including how long closing may take to drain. */
  readonly serverLimits?: Partial<TcpServerLimits>;
  /** Socket limits; the defaults of the sockets apply to those that are not given. */
  readonly limits?: NonNullable<ZmqXPubOptions["limits"]>;
  /** As in {@linkcode ZmqXPubOptions}: which subscriptions mean a topic. */
  readonly admits?: ZmqXPubOptions["admits"];
  /**
   * Called with each new subscription of a subscriber. What it gives to `reply` goes to that
   * subscriber alone: the last value, for those who come late.
   */
  readonly onSubscribe?: (topic: Uint8Array, reply: LastValueReply) => void;
  /** Answers requests; without it every peer of the door for requests is left without replies. */
  readonly onRequest?: ZmqRouterOptions["onRequest"];
  /**
   * Whether a message of a publisher is passed on; what is not is counted. All are if not given, none
   * if it throws.
   */
  readonly takes?: (message: ZmqMessage, peer: ZmqRemote) => boolean;
  /**
   * Why a WebSocket peer is not let in, by the fields of its request; all are if not given, none if it
   * throws.
   */
  readonly refusalOf?: (field: (name: string) => string | undefined) => string | undefined;
  /** Of publishers and of those who ask; as `mechanism`, which is for all, if not given. */
  readonly publisherMechanism?: ZmqSocketOptions["mechanism"];
  /** Called with faults of the functions given here, instead of standard error. */
  readonly onError?: (error: unknown) => void;
}
