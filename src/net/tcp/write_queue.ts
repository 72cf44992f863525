/**
 * The messages that wait to be sent to one peer.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";

/**
 * What happens when a slow peer's queue is full:
 *
 * - `disconnect`: the peer is disconnected.
 * - `drop-oldest`: the messages that have waited longest are dropped and counted.
 * - `conflate`: a message replaces the waiting message of the same topic; if the queue is full all
 *   the same, the peer is disconnected.
 */
export type QueuePolicy = "disconnect" | "drop-oldest" | "conflate";

/** Options of one message. */
export interface MessageOptions {
  /**
   * The message must not be dropped or replaced: either it arrives, or the peer is disconnected.
   */
  readonly mustArrive?: true;
  /** For `conflate`: a newer message of the same topic replaces this one. */
  readonly topic?: string;
}

/** What became of a message: queued, dropped, replaced an older one, or found no room. */
export type QueueResult = "queued" | "replaced" | "dropped" | "overflow";

/** Limits of {@linkcode WriteQueue}. */
export interface WriteQueueLimits {
  /** Bytes that may wait, not counting those that the system is sending already. */
  readonly bytesMax: number;
  /** What happens when more bytes would wait. */
  readonly policy: QueuePolicy;
  /** Waiting messages are joined to writes of at most this many bytes. */
  readonly joinBytesMax: number;
}

interface Entry {
  bytes: Uint8Array;
  readonly options: MessageOptions | undefined;
}

/** How many free slots may remain at the front before the array is compacted. */
const SPENT_ENTRIES_MAX = 1_024;

/**
 * The waiting messages of one connection, in order. Messages are not copied while they wait, so a
 * message for a thousand peers is held once; small ones are joined when they are taken, so that many
 * of them cost one write.
 */
export class WriteQueue {
  readonly #limits: WriteQueueLimits;
  #entries: (Entry | undefined)[] = [];
  #first = 0;
  /** Where the next search for a message to drop begins. */
  #oldest = 0;
  #byTopic: Map<string, Entry> | undefined;
  #bytes = 0;
  #dropped = 0;

  /** @param limits How much may wait. */
  constructor(limits: WriteQueueLimits) {
    this.#limits = limits;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Waiting messages, including dropped ones whose slots are not freed yet. */
  get messages(): number {
    return this.#entries.length - this.#first;
  }

  /** Messages dropped or replaced so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a message; its bytes must not change afterwards. */
  add(bytes: Uint8Array, options?: MessageOptions): QueueResult {
    if (this.#limits.policy === "conflate" && this.#replace(bytes, options)) return "replaced";
    let result: QueueResult = "queued";
    if (this.#bytes + bytes.length > this.#limits.bytesMax) {
      if (this.#limits.policy !== "drop-oldest") return "overflow";
      this.#makeRoom(bytes.length);
      if (this.#bytes + bytes.length > this.#limits.bytesMax) {
        if (options?.mustArrive) return "overflow";
        this.#dropped++;
        return "dropped";
      }
      result = "queued";
    }
    const entry: Entry = { bytes, options };
    this.#entries.push(entry);
    this.#bytes += bytes.length;
    if (this.#limits.policy === "conflate" && options?.topic !== undefined && !options.mustArrive) {
      (this.#byTopic ??= new Map()).set(options.topic, entry);
    }
    return result;
  }

  /** Takes the bytes for the next write, or undefined if nothing is waiting. */
  take(): Uint8Array | undefined {
    const first = this.#shift();
    if (first === undefined) return undefined;
    const { joinBytesMax } = this.#limits;
    let bytes = first.length;
    const parts = [first];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (bytes + next.length > joinBytesMax) break;
      parts.push(next);
      bytes += next.length;
      this.#shift();
    }
    if (parts.length === 1) return first;
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  /** Discards all waiting messages. */
  clear(): void {
    this.#entries = [];
    this.#first = this.#oldest = this.#bytes = 0;
    this.#byTopic = undefined;
  }

  #replace(bytes: Uint8Array, options: MessageOptions | undefined): boolean {
    if (options?.topic === undefined || options.mustArrive) return false;
    const waiting = this.#byTopic?.get(options.topic);
    if (waiting === undefined) return false;
    const total = this.#bytes + bytes.length - waiting.bytes.length;
    if (total > this.#limits.bytesMax) return false;
    this.#bytes = total;
    waiting.bytes = bytes;
    this.#dropped++;
    return true;
  }

  #makeRoom(bytes: number): void {
    this.#oldest = Math.max(this.#oldest, this.#first);
    while (this.#oldest < this.#entries.length) {
      if (this.#bytes + bytes <= this.#limits.bytesMax) return;
      const index = this.#oldest++;
      const entry = this.#entries[index];
      if (entry === undefined || entry.options?.mustArrive) continue;
      this.#entries[index] = undefined;
      this.#bytes -= entry.bytes.length;
      this.#dropped++;
    }
  }

  /** The first message that was not dropped. */
  #peek(): Uint8Array | undefined {
    while (this.#first < this.#entries.length) {
      const entry = this.#entries[this.#first];
      if (entry !== undefined) return entry.bytes;
      this.#first++;
    }
    return undefined;
  }

  #shift(): Uint8Array | undefined {
    const bytes = this.#peek();
    if (bytes === undefined) {
      this.#entries.length = 0;
      this.#first = this.#oldest = 0;
      return undefined;
    }
    const entry = this.#entries[this.#first] as Entry;
    this.#entries[this.#first++] = undefined;
    this.#bytes -= bytes.length;
    assert(this.#bytes >= 0, "a queue holds no less than nothing");
    const topic = entry.options?.topic;
    if (topic !== undefined && this.#byTopic?.get(topic) === entry) this.#byTopic.delete(topic);
    if (this.#first > SPENT_ENTRIES_MAX && this.#first * 2 > this.#entries.length) this.#compact();
    return bytes;
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#first);
    this.#oldest = Math.max(this.#oldest - this.#first, 0);
    this.#first = 0;
  }
}
