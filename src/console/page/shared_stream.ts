/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One stream of events for all tabs of a browser, which opens only six connections to a host.
 *
 * @module
 */

/** A message between tabs; all of them have the clock of one machine. */
interface TabMessage {
  readonly tab: number;
  readonly sentAt: number;
  readonly name: string;
  readonly data: unknown;
}

/** What another tab said longer ago was held back, for instance while this one was frozen. */
const MESSAGE_AGE_MS_MAX = 5_000;
/** Tells tabs apart; of those that have a stream, the one with the smallest number keeps it. */
const TAB_NUMBERS = 2 ** 48;

/** What goes from the tab that has a stream to those that have none. */
export class SharedStream {
  readonly #tab = Math.floor(Math.random() * TAB_NUMBERS);
  readonly #channel: BroadcastChannel;
  readonly #take: (name: string, data: unknown) => void;
  readonly #onServed: () => void;
  /** Whether this tab's own stream tells something. */
  #isServing = false;

  /**
   * @param path Of the stream: a proxy may show several hosts under one origin.
   * @param take Gets the events of another tab.
   * @param onServed Told before each of them: this tab needs no stream of its own.
   */
  constructor(path: string, take: (name: string, data: unknown) => void, onServed: () => void) {
    this.#take = take;
    this.#onServed = onServed;
    this.#channel = new BroadcastChannel(path);
    this.#channel.addEventListener("message", ({ data }) => this.#onMessage(data));
  }

  /** Tells other tabs what this one's stream told. */
  tell(name: string, data: unknown): void {
    this.#isServing = true;
    const message: TabMessage = { tab: this.#tab, sentAt: Date.now(), name, data };
    this.#channel.postMessage(message);
  }

  /** This tab's own stream is closed. */
  stop(): void {
    this.#isServing = false;
  }

  #onMessage({ tab, sentAt, name, data }: TabMessage): void {
    if (Math.abs(Date.now() - sentAt) > MESSAGE_AGE_MS_MAX) return;
    if (this.#isServing && tab > this.#tab) return;
    this.#onServed();
    this.#take(name, data);
  }
}
