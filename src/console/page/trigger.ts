/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Trigger clients as counts and cadence.
 *
 * @module
 */

import type { TriggerFigures } from "../panels.ts";
import { element, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import { latenessWords } from "./trigger_words.ts";

const ROWS = ["clients", "addresses", "rate", "late", "errors", "skipped"] as const;

/** The figures of the trigger role. */
export class Trigger {
  readonly section: HTMLElement;
  readonly #cells = new Map<string, HTMLElement>();
  #last: { pings: number; at: number } | undefined;

  constructor() {
    const list = element("dl", { class: "figures" });
    for (const key of ROWS) {
      const cell = element("dd");
      this.#cells.set(key, cell);
      list.append(element("div", {}, element("dt", {}, text(`trigger.${key}`)), cell));
    }
    this.section = element(
      "section",
      { "aria-labelledby": "trigger-title" },
      element("h2", { id: "trigger-title" }, text("trigger.title")),
      list,
    );
  }

  /** Shows the current figures. */
  show(figures: TriggerFigures): void {
    const now = performance.now();
    const { pings } = figures;
    const last = this.#last;
    this.#last = { pings, at: now };
    this.#set("clients", speech.number(figures.clients));
    this.#set("addresses", speech.number(figures.addresses));
    this.#set("errors", speech.number(figures.sendErrors));
    this.#set("skipped", speech.number(figures.skippedTurns));
    this.#set("late", latenessWords(figures));
    if (last === undefined || now <= last.at || pings < last.pings) return;
    this.#set("rate", speech.number((pings - last.pings) * 1000 / (now - last.at)));
  }

  #set(key: string, words: string): void {
    const cell = this.#cells.get(key);
    if (cell !== undefined) setText(cell, words);
  }
}
