/**
 * Received messages that wait for their reader.
 *
 * @module
 */

import { Bell } from "../bell.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";

/** Which message goes when too many wait. */
export type ZmqInboxPolicy = "drop-oldest" | "drop-newest";

/** Options of every socket that receives. */
export interface ZmqInboxOptions {
  /** Messages that may wait for the reader: the high-water mark; 10 000. */
  readonly waitingMax?: number;
  /** What happens above it; `drop-oldest`. */
  readonly policy?: ZmqInboxPolicy;
}

/** Default of {@linkcode ZmqInboxOptions.waitingMax}. */
export const ZMQ_WAITING_MAX_DEFAULT = 10_000;

/** Taken slots at the front that are kept before the array is moved up. */
const SPENT_MAX = 1_024;

/** A bounded queue for one reader. */
export class ZmqInbox implements AsyncIterable<ZmqMessage> {
  readonly #waitingMax: number;
  readonly #policy: ZmqInboxPolicy;
  #messages: (ZmqMessage | undefined)[] = [];
  #first = 0;
  #dropped = 0;
  #isClosed = false;
  readonly #bell = new Bell();

  /** @throws {RangeError} if no message may wait. */
  constructor({ waitingMax = ZMQ_WAITING_MAX_DEFAULT, policy = "drop-oldest" }: ZmqInboxOptions) {
    if (!(waitingMax >= 1)) {
      throw new RangeError(`Cannot make socket: waitingMax is ${waitingMax}, must be >= 1`);
    }
    this.#waitingMax = waitingMax;
    this.#policy = policy;
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#messages.length - this.#first;
  }

  /** Messages that nobody took in time. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a message. */
  push(message: ZmqMessage): void {
    if (this.waiting >= this.#waitingMax) {
      this.#dropped++;
      if (this.#policy === "drop-newest") return;
      this.#take();
    }
    this.#messages.push(message);
    this.#bell.ring();
  }

  /** Ends the reading when all that waits was read. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring();
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<ZmqMessage> {
    for (;;) {
      const message = this.#take();
      if (message !== undefined) yield message;
      else if (this.#isClosed) return;
      else await this.#bell.heard();
    }
  }

  #take(): ZmqMessage | undefined {
    const message = this.#messages[this.#first];
    if (message === undefined) return undefined;
    this.#messages[this.#first++] = undefined;
    if (this.#first > SPENT_MAX && this.#first * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    return message;
  }
}
