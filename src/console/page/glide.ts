/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What is pushed aside by a card that comes or goes glides there, so that no eye loses its place.
 *
 * @module
 */

/** What can be pushed aside; the order of the document has the outer before the inner. */
const PARTS =
  "main > *, .overview > *, .cards > *, #exhibits > *, .groups > *, body > :is(.alerts, footer)";
const GLIDE_MS = 200;

const still = matchMedia("(prefers-reduced-motion: reduce)");
let gliding: Animation[] = [];
/** While a change is made, what else it changes is part of it. */
let isChanging = false;

/** Makes a change of the page; whatever has another place afterwards glides there. */
export function glide(change: () => void): void {
  // The browser itself keeps in place what is seen of a page that is scrolled.
  if (isChanging || still.matches || scrollY > 0) return change();
  const before = new Map(parts());
  isChanging = true;
  try {
    change();
  } finally {
    isChanging = false;
  }
  for (const animation of gliding) animation.cancel();
  gliding = [];
  const moves = new Map<Element | null, { x: number; y: number }>();
  for (const [part, place] of parts()) {
    const around = moves.get(part.parentElement?.closest(PARTS) ?? null) ?? { x: 0, y: 0 };
    const was = before.get(part);
    const isSeen = was !== undefined && was.height > 0 && place.height > 0;
    const move = isSeen ? { x: was.x - place.x, y: was.y - place.y } : around;
    moves.set(part, move);
    const x = move.x - around.x;
    const y = move.y - around.y;
    if (x === 0 && y === 0) continue;
    const from = { transform: `translate(${x}px, ${y}px)` };
    const to = { transform: "none" };
    gliding.push(part.animate([from, to], { duration: GLIDE_MS, easing: "ease-out" }));
  }
}

function parts(): [part: HTMLElement, place: DOMRect][] {
  const found = [...document.querySelectorAll<HTMLElement>(PARTS)];
  return found.map((part) => [part, part.getBoundingClientRect()]);
}
