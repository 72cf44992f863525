/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The tiles of a wall. If they do not fit, pages alternate.
 *
 * @module
 */

import { byId, element, setText } from "./dom.ts";
import { text } from "./say.ts";
import { drawSign, sign, type SignName } from "./signs.ts";
import type { TileLook, WallTile } from "./wall_words.ts";

/** How long a page is shown, in milliseconds: time enough to read sixteen tiles. */
const PAGE_MS = 10_000;
/** The smallest size of a tile, relative to the height of the window. */
const TILE_HEIGHT = 0.17;
const TILE_WIDTH = 0.42;
/** The share of the height below the band. */
const GRID_HEIGHT = 0.8;
/** The most rows of tiles with room for a name of two lines. */
const ROWS_OF_TWO_LINES_MAX = 3;

const SIGNS: Readonly<Record<TileLook, SignName>> = {
  emergency: "emergency",
  lost: "down",
  late: "late",
  starting: "starting",
  paused: "paused",
  ok: "ok",
};

interface Shown {
  readonly tile: HTMLElement;
  readonly place: HTMLElement;
  readonly name: HTMLElement;
  readonly look: SVGSVGElement;
  readonly words: HTMLElement;
  readonly share: HTMLElement;
}

/** The grid. */
export class WallGrid {
  readonly #grid = byId("tiles");
  readonly #turn = byId("turn");
  readonly #shown = new Map<string, Shown>();
  #tiles: readonly WallTile[] = [];
  #page = 0;

  constructor() {
    // Redraw the tiles that the server made.
    this.#grid.replaceChildren();
    addEventListener("resize", () => this.#arrange());
    setInterval(() => {
      this.#page++;
      this.#arrange();
    }, PAGE_MS);
  }

  /** Replaces the tiles. */
  show(tiles: readonly WallTile[]): void {
    this.#tiles = tiles;
    const keys = new Set(tiles.map(({ key }) => key));
    for (const [key, { tile }] of this.#shown) {
      if (keys.has(key)) continue;
      tile.remove();
      this.#shown.delete(key);
    }
    for (const tile of tiles) this.#say(tile);
    this.#arrange();
  }

  #say({ key, place, look, name, words, share }: WallTile): void {
    let shown = this.#shown.get(key);
    if (shown === undefined) {
      shown = build();
      this.#shown.set(key, shown);
    }
    shown.tile.className = `tile ${look}`;
    setText(shown.place, place);
    setText(shown.name, name);
    drawSign(shown.look, SIGNS[look]);
    setText(shown.words, words);
    setText(shown.share, share);
  }

  /** Puts as many legible tiles on the screen as fit, in order. */
  #arrange(): void {
    const columns = Math.max(1, Math.floor(innerWidth / (innerHeight * TILE_WIDTH)));
    const rowsMax = Math.max(1, Math.floor(GRID_HEIGHT / TILE_HEIGHT));
    const size = columns * rowsMax;
    const pages = Math.max(1, Math.ceil(this.#tiles.length / size));
    const page = this.#page % pages;
    const wanted = this.#tiles.slice(page * size, (page + 1) * size)
      .flatMap(({ key }) => this.#shown.get(key)?.tile ?? []);
    for (const tile of [...this.#grid.children]) {
      if (!wanted.includes(tile as HTMLElement)) tile.remove();
    }
    for (const [index, tile] of wanted.entries()) {
      if (this.#grid.children[index] !== tile) {
        this.#grid.insertBefore(tile, this.#grid.children[index] ?? null);
      }
    }
    // All pages have the same rows, so that nothing jumps between them.
    const rows = Math.min(rowsMax, Math.ceil(this.#tiles.length / columns));
    this.#grid.style.setProperty("--columns", String(columns));
    this.#grid.style.setProperty("--rows", String(Math.max(1, rows)));
    // A tile of four rows has no room for a name of two lines.
    this.#grid.style.setProperty("--lines", rows > ROWS_OF_TWO_LINES_MAX ? "1" : "2");
    setText(this.#turn, pages === 1 ? "" : text("wall.turn", { page: page + 1, pages }));
  }
}

function build(): Shown {
  const place = element("h2");
  const name = element("p", { class: "name" });
  const look = sign("unknown");
  const words = element("span", { class: "words" });
  const share = element("b", { class: "share" });
  const tile = element(
    "section",
    { class: "tile" },
    place,
    name,
    element("div", { class: "foot" }, look, words, share),
  );
  return { tile, place, name, look, words, share };
}
