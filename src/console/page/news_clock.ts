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
  /** It changes with each message, not by a timer. */
  readonly #beat = element("i");
  readonly #wallMs: () => number;
  #heardAt = performance.now();
  #shownAt = 0;

  /** @param wallMs The host's wall clock in milliseconds. */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    byId("news").replaceChildren(this.#beat, this.#age);
    // Each news shows the time too: beat and clock are one frame.
    setInterval(() => performance.now() - this.#shownAt > TICK_MS && this.#show(), TICK_MS);
    this.#show();
  }

  /** News has arrived. */
  hear(): void {
    this.#heardAt = performance.now();
    this.#beat.classList.toggle("odd");
    this.#show();
  }

  /** The age of the news in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#heardAt;
  }

  #show(): void {
    this.#shownAt = performance.now();
    setText(this.#clock, speech.timeOfDay(this.#wallMs()));
    const { ageMs } = this;
    setText(
      this.#age,
      ageMs < 2_000 ? text("band.fresh") : text("band.age", { duration: longDuration(ageMs) }),
    );
  }
}
