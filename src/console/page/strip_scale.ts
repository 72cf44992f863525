/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The scale of a list's strips: the hours above them, and a legend.
 *
 * @module
 */

import { element } from "./dom.ts";
import { speech, text } from "./say.ts";
import { STRIP_WORDS } from "./strip.ts";

/** Hours between the marks. */
const MARK_HOURS = 6;

/** The row above the list. */
export class StripScale {
  readonly row: HTMLElement = element("div", { class: "scale", "aria-hidden": "true" });
  #shown = "";

  /** The hours above the strips: every sixth of the host's day. */
  draw(wallMs: number): void {
    const marks: Node[] = [];
    const halfHourMs = 1_800_000;
    const present = Math.floor(wallMs / halfHourMs) * halfHourMs;
    for (let index = 0; index < 40; index++) {
      const time = speech.timeOfDay(present - (47 - index) * halfHourMs);
      const [hour = "", minute] = time.split(":");
      if (minute !== "00" || Number(hour) % MARK_HOURS !== 0) continue;
      const mark = element("span", { class: "hour" }, hour);
      marks.push(mark);
      mark.style.left = `${index * 5}px`;
    }
    const shown = marks.map(({ textContent }) => textContent).join() + String(present);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.row.replaceChildren(
      element(
        "span",
        { class: "hours" },
        ...marks,
        element("span", { class: "now" }, text("exhibits.now")),
      ),
      element("span", { class: "share" }, text("exhibits.24h")),
    );
  }
}

/** The legend of the strips' cells. */
export function keyOfStrips(): HTMLElement {
  const parts = (["o", "l", "x", "m", "-"] as const).map((letter) =>
    element(
      "span",
      {},
      element("span", { class: `swatch swatch-${letter}`, "aria-hidden": "true" }),
      text(STRIP_WORDS[letter]),
    )
  );
  return element("p", { class: "key" }, ...parts, element("span", {}, text("exhibits.key.cell")));
}
