/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The pages of a fleet's wall: hosts that do not fit on the screen take turns.
 *
 * @module
 */

import { byId, setText } from "./dom.ts";
import { text } from "./say.ts";

/** How long a page is shown, in milliseconds. */
const PAGE_MS = 10_000;

/** Tiles side by side, with the heading above them if they are the first of their hall. */
interface Row {
  readonly top: number;
  readonly bottom: number;
  readonly parts: readonly HTMLElement[];
}

/** Shows as many whole rows of tiles as fit. */
export class PageTurner {
  readonly #place: HTMLElement;
  readonly #turn = byId("turn");
  #page = 0;

  /** @param place Holds the halls; its parent is as high as the screen below the band. */
  constructor(place: HTMLElement) {
    this.#place = place;
    addEventListener("resize", () => this.arrange());
    setInterval(() => {
      this.#page++;
      this.arrange();
    }, PAGE_MS);
  }

  /** Shows the page whose turn it is. */
  arrange(): void {
    const pages = this.#pages();
    const shown = pages[this.#page % pages.length] ?? [];
    const first = shown[0]?.top ?? 0;
    for (const page of pages) {
      for (const { parts } of page) {
        for (const part of parts) part.toggleAttribute("data-off", page !== shown);
      }
    }
    this.#place.style.translate = `0 ${-first}px`;
    const page = pages.indexOf(shown) + 1;
    setText(this.#turn, pages.length < 2 ? "" : text("fleet.turn", { page, pages: pages.length }));
  }

  /** Rows that fit on the screen together. A row that is higher than the screen has a page to itself. */
  #pages(): Row[][] {
    const { parentElement } = this.#place;
    if (parentElement === null) return [];
    const { paddingTop, paddingBottom } = getComputedStyle(parentElement);
    const room = parentElement.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    const pages: Row[][] = [];
    let page: Row[] = [];
    for (const row of this.#rows()) {
      if (row.bottom - (page[0]?.top ?? row.top) > room) page = [];
      if (page.length === 0) pages.push(page);
      page.push(row);
    }
    return pages;
  }

  #rows(): Row[] {
    const origin = this.#place.getBoundingClientRect().top;
    const rows: Row[] = [];
    for (const hall of this.#place.children) {
      let above: HTMLElement[] = [...hall.querySelectorAll("h2")];
      for (const tile of hall.querySelectorAll<HTMLElement>(".host")) {
        const { top, bottom } = tile.getBoundingClientRect();
        const last = rows.at(-1);
        if (above.length === 0 && last !== undefined && top - origin < last.bottom) {
          rows[rows.length - 1] = {
            top: last.top,
            bottom: Math.max(last.bottom, bottom - origin),
            parts: [...last.parts, tile],
          };
          continue;
        }
        const start = above[0]?.getBoundingClientRect().top ?? top;
        rows.push({ top: start - origin, bottom: bottom - origin, parts: [...above, tile] });
        above = [];
      }
    }
    return rows;
  }
}
