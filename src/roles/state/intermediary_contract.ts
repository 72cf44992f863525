/**
 * What an intermediary tells and counts.
 *
 * @module
 */

import type { ZmqMessage } from "../../wire/zmq/message.ts";

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

/** Told of each message on a topic; its first frame is the whole topic. */
export type TopicListener = (message: ZmqMessage) => void;
