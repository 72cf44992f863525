/**
 * One listener of the console's event stream: a bounded queue that becomes a response body.
 *
 * @module
 */

import { concatenate } from "../../wire/bytes/concatenate.ts";

/**
 * The most bytes that may wait for one listener; above it, the listener starts over with a
 * snapshot.
 */
export const STREAM_BYTES_MAX = 1_048_576;

/** The response's header fields: no proxy may cache, compress or buffer the stream. */
export const EVENT_STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
} as const;

/** What a listener wants to be told beside what everybody is. */
export interface StreamWishes {
  /** Each beat. */
  readonly beats: boolean;
  /** The hosts of the fleet. */
  readonly fleet: boolean;
}

/** Options of {@linkcode EventStream}. */
export interface EventStreamOptions {
  wishes: StreamWishes;
  /**
   * The snapshot from which a listener can follow the events, in parts: each is made when its turn
   * comes.
   */
  snapshot: () => Iterator<Uint8Array<ArrayBuffer>>;
  /**
   * Whether the listener still has the right to listen; checked every second, and when rights have
   * changed.
   */
  holds: () => boolean;
  /** Called when the listener has become ready for something that waits: {@linkcode EventStream.flush} sends it. */
  onReady: () => void;
  onEnd: (stream: EventStream) => void;
}

/** Server-sent events to one listener. A slow one misses events and gets a new snapshot instead. */
export class EventStream {
  readonly wishes: StreamWishes;
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: EventStreamOptions;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  readonly #queue: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  /** The rest of the snapshot that is being sent; events wait until it has ended. */
  #snapshot: Iterator<Uint8Array<ArrayBuffer>> | undefined;
  /** Whether the listener needs a snapshot: at the start, and after it was too slow. */
  #isBehind = true;
  /** Whether the listener is ready for more bytes. */
  #isAsked = false;
  #isOpen = true;
  #dropped = 0;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.wishes = options.wishes;
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => {
        this.#isAsked = true;
        if (this.isReady) this.#options.onReady();
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /** Number of events that this listener was too slow for. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Queues an event, or drops it if the listener does not keep up. Never waits; {@linkcode flush}
   * sends the queue.
   */
  send(event: Uint8Array<ArrayBuffer>): void {
    if (!this.#isOpen || this.#isBehind) return;
    if (this.#bytes + event.length > STREAM_BYTES_MAX) {
      this.#dropped += this.#queue.length + 1;
      this.#queue.length = 0;
      this.#bytes = 0;
      this.#isBehind = true;
      return;
    }
    this.#queue.push(event);
    this.#bytes += event.length;
  }

  /** Empties the queue: the listener starts over with a snapshot. */
  startOver(): void {
    this.#dropped += this.#queue.length;
    this.#queue.length = 0;
    this.#bytes = 0;
    this.#isBehind = true;
  }

  /** Whether something waits, and the listener is ready for it. */
  get isReady(): boolean {
    const hasMore = this.#isBehind || this.#snapshot !== undefined || this.#queue.length > 0;
    return hasMore && this.#isAsked && this.#isOpen;
  }

  /** Sends the next part of the snapshot, or else the queue in one piece, if the listener is ready. */
  flush(): void {
    if (!this.isReady) return;
    const bytes = this.#nextPart() ?? this.#takeQueue();
    if (bytes === undefined) return;
    this.#isAsked = false;
    this.#controller?.enqueue(bytes);
  }

  /** Ends the body if the listener has lost its right. */
  endWithoutRight(): void {
    if (!this.#options.holds()) this.close();
  }

  /** Ends the body. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#controller?.close();
  }

  /** Of the snapshot that is being sent, or of a new one if the listener needs it. */
  #nextPart(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#snapshot === undefined && this.#isBehind) {
      this.#isBehind = false;
      this.#snapshot = this.#options.snapshot();
    }
    const part = this.#snapshot?.next();
    if (part?.done === false) return part.value;
    this.#snapshot = undefined;
    return undefined;
  }

  /** Everything that waits, as one chunk: one write for the connection. */
  #takeQueue(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#queue.length === 0) return undefined;
    const joined = concatenate(this.#queue);
    this.#queue.length = 0;
    this.#bytes = 0;
    return joined;
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#snapshot = undefined;
    this.#queue.length = 0;
    this.#bytes = 0;
    this.#options.onEnd(this);
  }
}

const encoder = new TextEncoder();

/** Encodes a server-sent event; its data is one line of JSON. */
export function encodeEvent(name: string, data: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
