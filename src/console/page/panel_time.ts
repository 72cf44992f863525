/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A member's uptime, its last 90 days, and one day in detail.
 *
 * @module
 */

import type { Uptime, UptimeDay } from "../uptime.ts";
import { button, element, setText } from "./dom.ts";
import { longDuration, shareWords } from "./member_words.ts";
import { drawTimeline } from "./panel_pictures.ts";
import { speech, text } from "./say.ts";
import { DAYS, Strip } from "./strip.ts";

const LETTERS = { unknown: "-", ok: "o", maintenance: "m", late: "l", lost: "x" } as const;
const DAYS_SHOWN = 90;
/** The shortest visible span, as a fraction of the day. */
const ZOOM_MAX = 48;
/** An uptime below this share is shown as bad. */
const GOOD_SHARE = 0.95;

/** The part of the panel that is about time. */
export class PanelTime {
  readonly section: HTMLElement;
  readonly #uptime: Uptime;
  readonly #wallMs: number;
  readonly #picture = element("div", { class: "zoomable" });
  readonly #dayName = element("span", { class: "day-name" });
  readonly #dayWords = element("span");
  #day = 0;
  #zoom = 1;
  /** The middle of the visible span, as a fraction of the day. */
  #middle = 0.5;

  constructor(uptime: Uptime, wallMs: number) {
    this.#uptime = uptime;
    this.#wallMs = wallMs;
    const act = (key: "earlier" | "later" | "in" | "out", sign: string, does: () => void) =>
      button(sign, () => {
        does();
        this.#draw();
      }, { class: "bare small", "aria-label": text(`panel.${key}`) });
    this.section = element(
      "div",
      {},
      this.#shares(),
      this.#ninety(),
      element(
        "section",
        { class: "part" },
        element("h3", {}, this.#dayName, this.#dayWords),
        this.#picture,
        element(
          "p",
          { class: "zoom" },
          act("earlier", "◀", () => this.#move(-1)),
          act("later", "▶", () => this.#move(1)),
          act("in", "+", () => this.#setZoom(this.#zoom * 2)),
          act("out", "−", () => this.#setZoom(this.#zoom / 2)),
        ),
      ),
    );
    const [today] = uptime.days;
    if (today !== undefined) this.#middle = this.#partOf(today, wallMs);
    this.#draw();
  }

  #shares(): HTMLElement {
    const shares = this.#uptime.spans.map(({ span, uptime }) =>
      element(
        "div",
        { class: uptime !== null && uptime < GOOD_SHARE ? "bad" : undefined },
        element("dt", {}, text(`panel.uptime-${span}`)),
        element("dd", {}, shareWords(uptime)),
      )
    );
    return element("dl", { class: "shares" }, ...shares);
  }

  #ninety(): HTMLElement {
    const days = this.#uptime.days.slice(0, DAYS_SHOWN).toReversed();
    const strip = new Strip(DAYS);
    const bad = days.filter(({ worst }) => worst === "lost").length;
    const letters = days.map(({ worst }) => LETTERS[worst]).join("").padStart(DAYS_SHOWN, "-");
    strip.draw(letters, text("panel.ninety-label", { count: bad }));
    const [first] = days;
    const since = first === undefined ? "" : speech.day(Date.parse(first.from));
    // A click on a day of the strip shows that day below.
    strip.picture.addEventListener("click", ({ offsetX }) => {
      const part = offsetX / strip.picture.getBoundingClientRect().width;
      this.#day = Math.min(days.length - 1, Math.floor((1 - part) * DAYS_SHOWN));
      this.#setZoom(1);
      this.#draw();
    });
    return element(
      "section",
      { class: "part" },
      element(
        "h3",
        {},
        text("report.quarter"),
        element("span", {}, text("panel.from-to-today", { since })),
      ),
      strip.picture,
    );
  }

  #partOf(day: UptimeDay, wallMs: number): number {
    const from = Date.parse(day.from);
    return (wallMs - from) / (Date.parse(day.to) - from);
  }

  #setZoom(zoom: number): void {
    this.#zoom = Math.min(ZOOM_MAX, Math.max(1, zoom));
  }

  /** Moves by half of the visible span, also across midnight. */
  #move(direction: -1 | 1): void {
    if (this.#zoom === 1) {
      this.#day = Math.min(this.#uptime.days.length - 1, Math.max(0, this.#day - direction));
      return;
    }
    this.#middle += direction / (2 * this.#zoom);
    if (this.#middle < 0 && this.#day < this.#uptime.days.length - 1) {
      this.#day++;
      this.#middle += 1;
    } else if (this.#middle > 1 && this.#day > 0) {
      this.#day--;
      this.#middle -= 1;
    }
    this.#middle = Math.min(1, Math.max(0, this.#middle));
  }

  #draw(): void {
    const day = this.#uptime.days[this.#day];
    if (day === undefined) return;
    const begins = Date.parse(day.from);
    const lengthMs = Date.parse(day.to) - begins;
    const half = 1 / (2 * this.#zoom);
    const middle = Math.min(1 - half, Math.max(half, this.#middle));
    const stretch = {
      from: begins + (middle - half) * lengthMs,
      to: begins + (middle + half) * lengthMs,
    };
    this.#picture.replaceChildren(drawTimeline(this.#uptime, stretch, this.#wallMs));
    setText(this.#dayName, this.#day === 0 ? text("panel.today") : speech.day(begins));
    setText(
      this.#dayWords,
      day.downMs === 0
        ? text("panel.no-outage")
        : text("panel.lost-in-all", { duration: longDuration(day.downMs) }),
    );
  }
}
