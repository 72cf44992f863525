/**
 * Messages that have arrived and wait for their reader.
 *
 * @module
 */

/** Which message is dropped when too many wait. */
export type InboxPolicy = "drop-oldest" | "drop-newest";

/** How much may wait for a reader. */
export interface InboxOptions {
  /** Messages that may wait for the reader: the high-water mark; 10 000. */
  readonly waitingMax?: number | undefined;
  /** What happens above it; `drop-oldest`. */
  readonly policy?: InboxPolicy | undefined;
}

/** The default of {@linkcode InboxLimits.waitingMax}. */
export const INBOX_WAITING_MAX_DEFAULT = 10_000;

/** How many freed slots may remain at the front before the array is compacted. */
const SPENT_MAX = 1_024;

/**
 * A bounded queue of messages for one reader, who takes them in order in a `for await` loop or with
 * `next()`.
 *
 * @typeParam Message The messages; never `undefined`.
 */
export class Inbox<Message> implements AsyncIterableIterator<Message> {
  readonly #waitingMax: number;
  readonly #policy: InboxPolicy;
  readonly #onLeft: (() => void) | undefined;
  #messages: (Message | undefined)[] = [];
  #first = 0;
  #dropped = 0;
  #isClosed = false;
  #news: PromiseWithResolvers<void> | undefined;

  /**
   * @param options How much may wait.
   * @param onLeft Called when the reader leaves the loop: it will not come back, and waiting
   * messages are discarded. Without it, the next loop continues where this one was left.
   */
  constructor(options: InboxOptions, onLeft?: () => void) {
    this.#waitingMax = options.waitingMax ?? INBOX_WAITING_MAX_DEFAULT;
    this.#policy = options.policy ?? "drop-oldest";
    this.#onLeft = onLeft;
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#messages.length - this.#first;
  }

  /** Number of messages that were lost because the reader was slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a message; no effect once it is closed. */
  push(message: Message): void {
    if (this.#isClosed) return;
    if (this.waiting >= this.#waitingMax) {
      this.#dropped++;
      if (this.#policy === "drop-newest") return;
      this.#take();
    }
    this.#messages.push(message);
    this.#tell();
  }

  /** Ends the reading once all waiting messages were read. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  /** The next message, as soon as there is one. */
  async next(): Promise<IteratorResult<Message>> {
    for (;;) {
      const message = this.#take();
      if (message !== undefined) return { done: false, value: message };
      if (this.#isClosed) return { done: true, value: undefined };
      this.#news ??= Promise.withResolvers<void>();
      await this.#news.promise;
    }
  }

  /** Called when a loop is left. */
  return(): Promise<IteratorResult<Message>> {
    if (this.#onLeft !== undefined) {
      this.#messages = [];
      this.#first = 0;
      this.close();
      this.#onLeft();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Itself, for `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #tell(): void {
    this.#news?.resolve();
    this.#news = undefined;
  }

  #take(): Message | undefined {
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
