/**
 * A bounded queue of packets for one reader.
 *
 * @module
 */

import type { HevPacket } from "../../wire/hev/packet_reader.ts";

/** Packets that wait for a reader before the oldest is dropped. */
export const PACKETS_WAITING_MAX = 1_024;

/** Packets in order, as an async iterator. Leaving the loop ends it. */
export class HevPackets implements AsyncIterableIterator<HevPacket> {
  readonly #onEnd: (packets: HevPackets) => void;
  #waiting: HevPacket[] = [];
  #asking: PromiseWithResolvers<IteratorResult<HevPacket>> | undefined;
  #dropped = 0;
  #isEnded = false;

  /**
   * Made by the client.
   *
   * @param onEnd Told once when nobody wants any more.
   */
  constructor(onEnd: (packets: HevPackets) => void) {
    this.#onEnd = onEnd;
  }

  /** Number of packets that were lost because the reader was slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a packet; for the client. */
  offer(packet: HevPacket): void {
    if (this.#isEnded) return;
    if (this.#asking !== undefined) {
      this.#asking.resolve({ done: false, value: packet });
      this.#asking = undefined;
      return;
    }
    this.#waiting.push(packet);
    if (this.#waiting.length <= PACKETS_WAITING_MAX) return;
    this.#waiting.shift();
    this.#dropped++;
  }

  /** The next packet, when there is one. One call at a time. */
  next(): Promise<IteratorResult<HevPacket>> {
    const packet = this.#waiting.shift();
    if (packet !== undefined) return Promise.resolve({ done: false, value: packet });
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    this.#asking ??= Promise.withResolvers<IteratorResult<HevPacket>>();
    return this.#asking.promise;
  }

  /** Ends it; what waits is still handed out. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#asking?.resolve({ done: true, value: undefined });
    this.#asking = undefined;
    this.#onEnd(this);
  }

  /** Ends it, for a loop that is left. */
  return(): Promise<IteratorResult<HevPacket>> {
    this.#waiting = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }
}
