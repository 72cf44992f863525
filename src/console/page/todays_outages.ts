/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The outages of today, those that last first.
 *
 * @module
 */

import type { NamedOutage, Outages } from "../outages.ts";
import { complainOf, get } from "./api.ts";
import { element, setText } from "./dom.ts";
import { isDown, longDuration, nameOf } from "./member_words.ts";
import type { MembersModel } from "./members_model.ts";
import { speech, text } from "./say.ts";
import { sign } from "./signs.ts";
import { withUrl } from "./url_state.ts";

/** The most outages in the list; the report has all. */
const LINES_MAX = 8;
const PATH = `api/v1/outages?days=1&limit=1&latest=200`;
/** How long after a change the host is asked, so that many at once are one question. */
const SOON_MS = 1_000;
/** A day may have ended. */
const RENEW_MS = 600_000;
const TICK_MS = 10_000;

/** The list. */
export class TodaysOutages {
  readonly section: HTMLElement;
  readonly #model: MembersModel;
  readonly #count = element("span", { class: "soft" });
  readonly #list = element("ol");
  /** Who is down, so that a change is seen. */
  #down = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #outages: readonly NamedOutage[] = [];
  /** The list as it was drawn. */
  #told = "";

  constructor(model: MembersModel) {
    this.#model = model;
    this.section = element(
      "section",
      { class: "tile today", "aria-labelledby": "today-title" },
      element(
        "h3",
        { class: "tile-title", id: "today-title" },
        element(
          "a",
          { href: withUrl({ view: "outages" }), "data-view": "outages" },
          text("today.title"),
        ),
        this.#count,
      ),
      this.#list,
    );
    const look = () => this.#look();
    model.listen({ replaced: () => this.#loadSoon(), changed: look, removed: look });
    setInterval(() => this.#loadSoon(), RENEW_MS);
    setInterval(() => this.#tick(), TICK_MS);
    this.#load().catch(complainOf);
  }

  #look(): void {
    const down = [...this.#model.all].filter(({ member }) => isDown(member))
      .map(({ member }) => `${member.id} ${member.since}`).join("\n");
    if (down === this.#down) return;
    this.#down = down;
    this.#loadSoon();
  }

  #loadSoon(): void {
    // Whoever is silent cannot be asked; the next snapshot asks again.
    if (document.body.classList.contains("is-stale")) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load().catch(complainOf), SOON_MS);
  }

  async #load(): Promise<void> {
    const { latest, all } = await get<Outages>(PATH);
    setText(this.#count, speech.number(all.outages));
    const isOpen = ({ to }: NamedOutage) => to === null ? 0 : 1;
    this.#outages = [...latest].sort((one, other) => isOpen(one) - isOpen(other))
      .slice(0, LINES_MAX);
    const told = JSON.stringify(this.#outages);
    if (told === this.#told) return;
    this.#told = told;
    this.#list.replaceChildren(
      ...(this.#outages.length === 0
        ? [element("li", { class: "soft" }, text("today.none"))]
        : this.#outages.map((outage) => this.#lineOf(outage))),
    );
  }

  #lineOf(outage: NamedOutage): HTMLElement {
    const { id, from, to, station } = outage;
    const isOpen = to === null;
    const range = (end: string) => text("today.range", { from: this.#timeOf(from), to: end });
    const mark = sign(isOpen ? "down" : "past");
    if (isOpen) mark.classList.add("lost");
    return element(
      "li",
      { class: isOpen ? "open" : undefined },
      mark,
      element(
        "span",
        // Without news nobody knows whether it has ended.
        { class: "soft", "data-open": isOpen && range("?") },
        range(isOpen ? text("exhibits.now") : this.#timeOf(to)),
      ),
      element("a", { href: withUrl({ member: id }), title: station ?? undefined }, nameOf(outage)),
      element("span", { class: "for" }, this.#lengthOf(outage)),
    );
  }

  #tick(): void {
    // Without news nobody knows how long it lasts.
    if (document.body.classList.contains("is-stale")) return;
    this.#outages.forEach((outage, index) => {
      const place = this.#list.children[index]?.querySelector(".for");
      if (outage.to === null && place) setText(place, this.#lengthOf(outage));
    });
  }

  /** How long it lasts, or lasted. */
  #lengthOf({ from, to, downMs, plannedMs, unwatchedMs }: NamedOutage): string {
    const lengthMs = to === null ? this.#model.ageMs(from) : downMs + plannedMs + unwatchedMs;
    return longDuration(lengthMs);
  }

  /** The time of today, or the day before. */
  #timeOf(at: string): string {
    const wallMs = Date.parse(at);
    const day = speech.day(wallMs);
    return day === speech.day(this.#model.wallMs) ? speech.timeOfDay(wallMs).slice(0, 5) : day;
  }
}
