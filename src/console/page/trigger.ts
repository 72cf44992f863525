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

const ROWS = [
  ["clients", "Clients"],
  ["addresses", "Addresses"],
  ["rate", "Pings each second"],
  ["late", "99 % of turns begin within"],
  ["errors", "Send errors"],
  ["skipped", "Turns left out"],
] as const;

const CADENCE_SHARE = 0.99;

/** The figures of the trigger role. */
export class Trigger {
  readonly section: HTMLElement;
  readonly #cells = new Map<string, HTMLElement>();
  #last: { pings: number; at: number } | undefined;

  constructor() {
    const list = element("dl", { class: "figures" });
    for (const [key, words] of ROWS) {
      const cell = element("dd");
      this.#cells.set(key, cell);
      list.append(element("div", {}, element("dt", {}, words), cell));
    }
    this.section = element(
      "section",
      { "aria-labelledby": "trigger-title" },
      element("h2", { id: "trigger-title" }, "Wake-up clients"),
      list,
    );
  }

  /** Shows the figures as they are now. */
  show(figures: TriggerFigures): void {
    const now = performance.now();
    const { pings } = figures;
    const last = this.#last;
    this.#last = { pings, at: now };
    this.#set("clients", String(figures.clients));
    this.#set("addresses", String(figures.addresses));
    this.#set("errors", String(figures.sendErrors));
    this.#set("skipped", String(figures.skippedTurns));
    this.#set("late", lateness(figures));
    if (last === undefined || now <= last.at || pings < last.pings) return;
    this.#set("rate", String(Math.round((pings - last.pings) * 1000 / (now - last.at))));
  }

  #set(key: string, text: string): void {
    const cell = this.#cells.get(key);
    if (cell !== undefined) setText(cell, text);
  }
}

function lateness({ lateness }: TriggerFigures): string {
  const turns = lateness.at(-1)?.turns ?? 0;
  if (turns === 0) return "no turn yet";
  const bound = lateness.find((row) => row.turns >= CADENCE_SHARE * turns);
  if (bound === undefined || bound.seconds === null) return "more than 1 s";
  return `${bound.seconds * 1000} ms`;
}
