/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Strips of half-hours: one path per state instead of one element per half-hour.
 *
 * @module
 */

import { speech, text } from "./say.ts";
import { svg } from "./svg.ts";

/** Width of a cell and of the gap after it, in units of the picture. */
const CELL = 4;
const STEP = 5;

/** The letters, the worst first: `-` unknown, `o` ok, `m` maintenance, `l` late, `x` lost. */
const WORST_FIRST = "xlmo-";

/** A letter of a strip in words. */
export const STRIP_WORDS = {
  x: "strip.lost",
  l: "strip.late",
  m: "strip.paused",
  o: "strip.ok",
  "-": "strip.unknown",
} as const;

type Letter = keyof typeof STRIP_WORDS;

/** The look of a strip. */
export interface StripLook {
  readonly name: "strip" | "ribbon" | "days";
  /** Height of the picture. */
  readonly height: number;
  /** Whether a late cell is split into an upper and a lower half. */
  readonly splits: boolean;
}

/** The looks of a member's strip, a group's, and a strip of days. */
export const STRIP: StripLook = { name: "strip", height: 16, splits: true };
export const RIBBON: StripLook = { name: "ribbon", height: 8, splits: false };
export const DAYS: StripLook = { name: "days", height: 24, splits: true };

/** An empty strip. */
export function emptyStrip({ name }: StripLook): SVGElement {
  return svg("svg", { class: name, role: "img" });
}

/** A strip that can be redrawn. */
export class Strip {
  readonly picture: SVGElement;
  readonly #look: StripLook;
  #shown = "";

  constructor(look: StripLook, picture: SVGElement = emptyStrip(look)) {
    this.#look = look;
    this.picture = picture;
  }

  /** Draws these letters, unless they are drawn already. */
  draw(letters: string, label?: string): void {
    if (letters === this.#shown) return;
    this.#shown = letters;
    const { viewBox, paths, words } = drawingOf(letters, this.#look);
    this.picture.setAttribute("viewBox", viewBox);
    this.picture.setAttribute("aria-label", label ?? words);
    this.picture.replaceChildren(paths.cloneNode(true));
  }
}

/** What strips of the same letters have in common. */
interface Drawing {
  readonly viewBox: string;
  readonly paths: DocumentFragment;
  readonly words: string;
}

/** Different days of which the page keeps a drawing; beyond it all are drawn again. */
const DRAWINGS_MAX = 256;
/** Most members had the same day. */
const drawings = new Map<string, Drawing>();

function drawingOf(letters: string, look: StripLook): Drawing {
  const key = `${look.name} ${letters}`;
  let drawing = drawings.get(key);
  if (drawing === undefined) {
    const width = letters.length * STEP - (STEP - CELL);
    const paths = document.createDocumentFragment();
    for (const letter of [...WORST_FIRST].reverse()) {
      if (!letters.includes(letter)) continue;
      const name = `cell-${letter === "-" ? "u" : letter}`;
      paths.append(svg("path", { class: name, d: pathOf(letters, letter, look) }));
    }
    drawing = { viewBox: `0 0 ${width} ${look.height}`, paths, words: stripWords(letters) };
    if (drawings.size >= DRAWINGS_MAX) drawings.clear();
    drawings.set(key, drawing);
  }
  return drawing;
}

function pathOf(letters: string, letter: string, { height, splits }: StripLook): string {
  const middles = letter === "l" && splits
    ? [(height - 2) / 4, height - (height - 2) / 4]
    : [height / 2];
  let path = "";
  for (const { index, 0: run } of letters.matchAll(RUNS[letter] ?? /$^/g)) {
    const from = index * STEP;
    const to = (index + run.length - 1) * STEP + CELL;
    for (const middle of middles) path += `M${from} ${middle}H${to}`;
  }
  return path;
}

const RUNS: Readonly<Record<string, RegExp>> = {
  x: /x+/g,
  l: /l+/g,
  m: /m+/g,
  o: /o+/g,
  "-": /-+/g,
};

/** Merges several strips: the worst state of each half-hour. */
export function worstOf(strips: readonly string[]): string {
  // Most of many strips are equal.
  const different = [...new Set(strips)];
  let worst = "";
  for (let index = 0; index < 48; index++) {
    worst += [...WORST_FIRST].find((letter) => different.some((each) => each[index] === letter)) ??
      "-";
  }
  // Unknown time of one member must not hide the states of others.
  return worst;
}

/** The text of a strip for screen readers. */
export function stripWords(letters: string): string {
  const words = [...WORST_FIRST].map((letter) => {
    const count = letters.split(letter).length - 1;
    if (count === 0) return "";
    const hours = speech.number(count / 2, count % 2);
    return text("strip.part", { hours, state: text(STRIP_WORDS[letter as Letter]) });
  });
  return text("strip.label", { parts: words.filter((part) => part !== "").join(", ") });
}
