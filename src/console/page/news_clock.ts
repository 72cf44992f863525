/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The host's time of day, and the age of the news, in the band.
 *
 * @module
 */

import { byId, element, setText } from "./dom.ts";
import { longDuration } from "./member_words.ts";
import { speech, text } from "./say.ts";

const TICK_MS = 1_000;

/** The clock. The age of the news counts up in place. */
export class NewsClock {
  readonly #clock = byId("clock");
  readonly #age = element("span");
  readonly #wallMs: () => number;
  #heardAt = performance.now();

  /** @param wallMs The host's wall clock in milliseconds. */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    byId("news").replaceChildren(element("i"), this.#age);
    setInterval(() => this.#show(), TICK_MS);
    this.#show();
  }

  /** News has arrived. */
  hear(): void {
    this.#heardAt = performance.now();
  }

  /** The age of the news in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#heardAt;
  }

  #show(): void {
    setText(this.#clock, speech.timeOfDay(this.#wallMs()));
    const { ageMs } = this;
    setText(
      this.#age,
      ageMs < 2_000 ? text("band.fresh") : text("band.age", { duration: longDuration(ageMs) }),
    );
  }
}
