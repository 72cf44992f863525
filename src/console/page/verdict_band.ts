/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * How the host is, in the headline, the title and the icon: one verdict, and only while there is news.
 *
 * @module
 */

import { byId, setText } from "./dom.ts";
import { type ShownVerdict, tabIcon, tabTitle, timeOfDay, verdictLine } from "./words.ts";

/** A verdict as the host tells it. */
export interface ToldVerdict {
  readonly verdict: ShownVerdict;
  readonly headline: string;
  /** Who is in trouble, where and for how long. */
  readonly detail?: string;
}

/** The band at the top of the page. */
export class VerdictBand {
  readonly #band = byId("verdict");
  readonly #status = byId("status");
  /** The page of a fleet has none: its tiles say it. */
  readonly #detail = document.getElementById("detail");
  readonly #time = byId("no-news").querySelector("time");
  #told: ToldVerdict | undefined;
  #heardAt = Date.parse(this.#band.dataset["made"] ?? "");
  #isSilent = false;

  /** Shows the host's verdict for as long as there is news. */
  tell(told: ToldVerdict): void {
    this.#told = told;
    if (!this.#isSilent) this.#show(told);
  }

  /** Puts off the moment at which the style sheet takes the verdict away by itself. */
  hear(): void {
    this.#heardAt = Date.now();
    // Restart the animation. If this script dies, the animation runs to its end.
    this.#band.dataset["news"] = this.#band.dataset["news"] === "even" ? "odd" : "even";
    if (this.#time !== null) setText(this.#time, timeOfDay(this.#heardAt));
    if (!this.#isSilent) return;
    this.#isSilent = false;
    if (this.#told !== undefined) this.#show(this.#told);
  }

  /** Takes the verdict away: nothing is known. */
  silence(): string {
    const headline = `No news since ${timeOfDay(this.#heardAt)}`;
    this.#isSilent = true;
    this.#show({ verdict: "silent", headline });
    return headline;
  }

  #show({ verdict, headline, detail = "" }: ToldVerdict): void {
    this.#band.className = verdict;
    setText(this.#status, verdictLine(verdict, headline));
    if (this.#detail !== null) setText(this.#detail, detail);
    const title = tabTitle(verdict, headline);
    if (document.title !== title) document.title = title;
    byId("icon").setAttribute("href", tabIcon(verdict));
  }
}
