/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Signs: one silhouette for each state, so that colour is never the only cue and no font matters.
 *
 * @module
 */

const NAMESPACE = "http://www.w3.org/2000/svg";

/** A part of a sign within 16 by 16: a filled path, or a line of some width. */
type Stroke = readonly [path: string, width?: number, dashes?: string];

const OCTAGON = "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z";

const SIGNS = {
  ok: [["M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z"]],
  half: [["M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 3v10A5 5 0 0 0 8 3z"]],
  ring: [["M8 2.75a5.25 5.25 0 1 1 0 10.5 5.25 5.25 0 0 1 0-10.5z", 2]],
  down: [[
    "M2 0h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H2a2 2 0 0 1-2-2V2a2 2 0 0 1 2-2zM8 6.3 5.3 3.6 3.6 5.3 " +
    "6.3 8l-2.7 2.7 1.7 1.7L8 9.7l2.7 2.7 1.7-1.7L9.7 8l2.7-2.7-1.7-1.7z",
  ]],
  late: [[
    "M8 .8c.5 0 .9.2 1.1.7l6.5 12c.5.9-.1 1.9-1.1 1.9h-13c-1 0-1.6-1-1.1-1.9l6.5-12C7.1 1 " +
    "7.5.8 8 .8zM7 5.5v4.5h2V5.5zm0 5.7v2h2v-2z",
  ]],
  emergency: [[`${OCTAGON}M6.9 3v6h2.2V3zm0 7.6v2.3h2.2v-2.3z`]],
  stopped: [[`${OCTAGON}M5 5v6h6V5z`]],
  paused: [["M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0zM5 4.5v7h2v-7zm4 0v7h2v-7z"]],
  past: [["M3 3h10v10H3z", 2]],
  close: [["M3 3l10 10M13 3L3 13", 2]],
  open: [["M6 3l5 5-5 5", 2]],
  more: [["M3 8h.01M8 8h.01M13 8h.01", 3]],
  all: [["M2 3h12M2 8h12M2 13h12", 1.5]],
  exhibits: [["M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z", 1.5]],
  headsets: [["M1.5 5h13v6.5h-4.5L8 9.5l-2 2H1.5z", 1.5]],
  instrument: [["M1 8.5h3L6 3l3.5 10 2-4.5H15", 1.5]],
  phones: [["M4.5 1.5h7v13h-7zM7 12.5h2", 1.5]],
  outages: [["M2 14V8h3v6zM6.5 14V2h3v12zM11 14v-3h3v3z", 1.5]],
  history: [["M8 1.75a6.25 6.25 0 1 1 0 12.5 6.25 6.25 0 0 1 0-12.5zM8 4.5V8l2.5 2", 1.5]],
  starting: [["M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z", 2.5, "4.7 3.15"]],
  unknown: [[
    "M8 0l8 8-8 8-8-8zM7.1 9.7h1.8c0-1.3 1.9-1.6 1.9-3.5C10.8 4.6 9.6 3.7 8 3.7c-1.6 " +
    "0-2.7.9-2.9 2.4l1.7.3c.1-.7.5-1.1 1.2-1.1.6 0 1 .3 1 .9 0 1.1-1.9 1.5-1.9 3.5zm0 " +
    ".9v1.7h1.8v-1.7z",
  ]],
} as const satisfies Readonly<Record<string, readonly Stroke[]>>;

/** The name of a sign. */
export type SignName = keyof typeof SIGNS;

/** Draws a sign in the colour of the text around it; the words beside it say the same. */
export function sign(name: SignName): SVGSVGElement {
  const picture = document.createElementNS(NAMESPACE, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "sign");
  drawSign(picture, name);
  return picture;
}

/** Changes a sign. */
export function drawSign(picture: SVGSVGElement, name: SignName): void {
  if (picture.dataset["sign"] === name) return;
  picture.dataset["sign"] = name;
  let strokes = drawn.get(name);
  if (strokes === undefined) drawn.set(name, strokes = strokesOf(name));
  picture.replaceChildren(strokes.cloneNode(true));
}

/** Signs that a page has needed, to be copied. */
const drawn = new Map<SignName, DocumentFragment>();

function strokesOf(name: SignName): DocumentFragment {
  const strokes = document.createDocumentFragment();
  for (const [path, width, dashes] of SIGNS[name] as readonly Stroke[]) {
    const part = document.createElementNS(NAMESPACE, "path");
    part.setAttribute("d", path);
    part.setAttribute("fill-rule", "evenodd");
    if (width !== undefined) {
      part.setAttribute("fill", "none");
      part.setAttribute("stroke", "currentColor");
      part.setAttribute("stroke-width", String(width));
    }
    if (dashes !== undefined) part.setAttribute("stroke-dasharray", dashes);
    strokes.append(part);
  }
  return strokes;
}
