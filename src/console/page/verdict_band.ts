/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The host's verdict in the headline, the title and the icon, and only while there is news.
 *
 * @module
 */

import type { Saying } from "../../core/phrase.ts";
import { byId, element, setText } from "./dom.ts";
import { english, speech, text } from "./say.ts";
import { drawSign, sign, type SignName } from "./signs.ts";
import {
  type ShownVerdict,
  tabIcon,
  tabTitle,
  type Troubles,
  troubleWords,
  VERDICT_LOOKS,
  verdictLine,
} from "./words.ts";

/** A verdict as the host sends it. */
export interface ToldVerdict {
  readonly verdict: ShownVerdict;
  /** The headline's key and values. */
  readonly saying: Saying;
  /** The headline in English, in case the page is too old to know its key. */
  readonly headline: string;
  /** The page of a fleet has none, because its tiles show it. */
  readonly troubles?: Troubles;
}

/** The drawn form of a verdict's sign. */
const SIGN_OF: Readonly<Record<typeof VERDICT_LOOKS[ShownVerdict]["sign"], SignName>> = {
  "✖": "down",
  "▲": "late",
  "◌": "starting",
  "‖": "paused",
  "●": "ok",
  "?": "unknown",
};

/** How often the style sheet's ten seconds begin again, in milliseconds: that costs frames. */
const RENEW_MS = 3_000;

/** The band at the top of the page. */
export class VerdictBand {
  readonly #band = byId("verdict");
  readonly #status = byId("status");
  /** The page of a fleet has none, because its tiles show it. */
  readonly #detail = document.getElementById("detail");
  readonly #noNews = byId("no-news");
  readonly #icon = byId("icon");
  readonly #sign = sign("unknown");
  #told: ToldVerdict | undefined;
  #heardAt = Date.parse(this.#band.dataset["made"] ?? "");
  #isSilent = false;
  #renewedAt = -Infinity;

  constructor() {
    byId("verdict-sign").replaceWith(this.#sign);
  }

  /** Shows the host's verdict for as long as there is news. */
  tell(told: ToldVerdict): void {
    this.#told = told;
    if (!this.#isSilent) this.#showTold(told);
  }

  /**
   * Postpones the moment at which the style sheet hides the verdict by itself.
   *
   * @param wallMs The host's wall clock in milliseconds: a screen's own may be wrong.
   */
  hear(wallMs: number): void {
    this.#heardAt = wallMs;
    this.#renew();
    setText(this.#noNews, `? ${this.#silentHeadline()}`);
    if (!this.#isSilent) return;
    this.#isSilent = false;
    if (this.#told !== undefined) this.#showTold(this.#told);
  }

  /** Restarts the animation. If this script dies, the animation runs to its end. */
  #renew(): void {
    if (performance.now() - this.#renewedAt < RENEW_MS) return;
    this.#renewedAt = performance.now();
    this.#band.dataset["news"] = this.#band.dataset["news"] === "even" ? "odd" : "even";
  }

  /** Hides the verdict: nothing is known. */
  silence(): string {
    const headline = this.#silentHeadline();
    this.#isSilent = true;
    // The sign is drawn beside it.
    setText(this.#noNews, headline);
    this.#show("silent", headline, "");
    return headline;
  }

  /** The time of the last news. */
  get time(): string {
    return speech.timeOfDay(this.#heardAt);
  }

  #silentHeadline(): string {
    return text("silent.headline", { time: this.time });
  }

  #showTold({ verdict, saying, headline, troubles }: ToldVerdict): void {
    const detail = troubles === undefined ? "" : troubleWords(troubles, speech);
    const { problem = "" } = saying.values;
    this.#show(verdict, speech.say(saying, headline), detail, String(problem));
  }

  /** @param problem What the headline ends with in the host's own words, which are English. */
  #show(verdict: ShownVerdict, headline: string, detail: string, problem = ""): void {
    if (this.#band.className !== verdict) this.#band.className = verdict;
    const { sign: mark } = VERDICT_LOOKS[verdict];
    if (
      this.#status.childElementCount === 0 ||
      this.#status.textContent !== verdictLine(verdict, headline)
    ) {
      // The sign is a picture; screen readers read its meaning together with the sentence.
      const spoken = element("span", { class: "spoken" }, `${mark} `);
      const isHosts = problem !== "" && headline.endsWith(problem);
      const words = isHosts ? headline.slice(0, -problem.length) : headline;
      this.#status.replaceChildren(spoken, words, ...(isHosts ? [english(problem)] : []));
    }
    drawSign(this.#sign, SIGN_OF[mark]);
    if (this.#detail !== null) setText(this.#detail, detail);
    const title = document.querySelector("title");
    if (title !== null) setText(title, tabTitle(verdict, headline));
    const icon = tabIcon(verdict);
    if (this.#icon.getAttribute("href") !== icon) this.#icon.setAttribute("href", icon);
  }
}
