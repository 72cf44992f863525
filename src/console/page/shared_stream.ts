/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One event stream for all tabs of a browser, because it opens only six connections to a host.
 *
 * @module
 */

/** A message between tabs, all of which share the machine's clock. */
interface TabMessage {
  readonly tab: number;
  readonly sentAt: number;
  readonly name: string;
  /** JSON: a page without other tabs has nothing to copy. */
  readonly data: string;
}

/** An older message of another tab was held back, for instance while this tab was frozen. */
const MESSAGE_AGE_MS_MAX = 5_000;
/** Identifies tabs; of those with a stream, the one with the smallest number keeps it. */
const TAB_NUMBERS = 2 ** 48;

/** Passes events from the tab that has a stream to the tabs that have none. */
export class SharedStream {
  readonly #tab = Math.floor(Math.random() * TAB_NUMBERS);
  readonly #channel: BroadcastChannel;
  readonly #take: (name: string, data: unknown) => void;
  readonly #onServed: () => void;
  /** Whether this tab's own stream delivers events. */
  #isServing = false;

  /**
   * @param path Path of the stream: a proxy may show several hosts under one origin.
   * @param take Gets the events of another tab.
   * @param onServed Called before each of them: this tab needs no stream of its own.
   */
  constructor(path: string, take: (name: string, data: unknown) => void, onServed: () => void) {
    this.#take = take;
    this.#onServed = onServed;
    this.#channel = new BroadcastChannel(path);
    this.#channel.addEventListener("message", ({ data }) => this.#onMessage(data));
  }

  /** Passes an event of this tab's stream to other tabs; its data is JSON. */
  tell(name: string, data: string): void {
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
    this.#take(name, JSON.parse(data));
  }
}
