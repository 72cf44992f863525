/**
 * Reads the console's server-sent events.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { within } from "../support/tcp.ts";

/** An event. */
export interface LiveEvent {
  name: string;
  // deno-lint-ignore no-explicit-any -- a test looks into it as it likes
  data: any;
}

/** Events and chunks to look through for one that is awaited. */
const EVENTS_MAX = 2_000;

/** Reads server-sent events from a response, one at a time. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  /** The names of all events that were read. */
  readonly names = new Set<string>();
  #text = "";

  constructor(response: Response) {
    const { body } = response;
    assert.ok(body !== null);
    this.#reader = body.getReader();
  }

  /** The next event of this name. */
  async next(name: string): Promise<LiveEvent> {
    // Signs of life go on for ever, so it is the number of events that is bounded.
    for (let count = 0; count < EVENTS_MAX; count++) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const [, found, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        assert.ok(found !== undefined && data !== undefined, block.slice(0, 100));
        this.names.add(found);
        if (found === name) return { name: found, data: JSON.parse(data) };
        continue;
      }
      const { value, done } = await within(this.#reader.read(), `event ${name}`);
      assert.ok(!done, "the stream goes on");
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    throw new Error(`No event ${name} among ${EVENTS_MAX}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
