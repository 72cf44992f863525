/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The notice while there is no news.
 *
 * @module
 */

import { button, element, setText } from "./dom.ts";
import { text } from "./say.ts";

/** Says that everything shown is old, and what to do about it. */
export class Silence {
  readonly box: HTMLElement;
  readonly #banner = element("p", { class: "unseen", role: "alert" });
  readonly #since = element("h2");

  constructor() {
    const steps = (["light", "network", "plug"] as const).map((step) =>
      element("li", {}, text(`silent.step-${step}`))
    );
    this.box = element(
      "section",
      { class: "as-of", hidden: true },
      this.#banner,
      element(
        "div",
        {},
        this.#since,
        element("p", { class: "soft" }, text("silent.cannot-know")),
      ),
      // Reconnect whenever the browser reports that the network is back.
      button(text("silent.retry"), () => dispatchEvent(new Event("online")), { class: "main" }),
      element("ol", {}, ...steps),
    );
  }

  /** Shows the notice. */
  begin(headline: string, time: string): void {
    setText(this.#since, text("silent.as-it-was", { time }));
    this.box.hidden = false;
    setText(this.#banner, `✖ ${text("silent.banner", { headline })}`);
  }

  /** Hides the notice: there is news again. */
  end(): void {
    this.box.hidden = true;
    setText(this.#banner, "");
  }
}
