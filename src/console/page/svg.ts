/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * SVG pictures.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { drawSign, sign, type SignName } from "./signs.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";

/** The signs of a member's states. */
const SIGN_OF = {
  ok: "ok",
  lost: "down",
  late: "late",
  paused: "paused",
  starting: "starting",
  unknown: "unknown",
} as const satisfies Readonly<Record<string, SignName>>;

/** A member's state as one word of the style sheet. */
export type Kind = keyof typeof SIGN_OF;

/** Makes an element of SVG. */
export function svg(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: (Node | string)[]
): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Makes the sign of a state, in its colour. */
export function kindSign(kind: Kind): SVGSVGElement {
  const picture = sign(SIGN_OF[kind]);
  picture.classList.add(kind);
  return picture;
}

/** Changes the sign to that of another state. */
export function setKind(picture: SVGSVGElement, kind: Kind): void {
  if (picture.classList.contains(kind)) return;
  drawSign(picture, SIGN_OF[kind]);
  picture.setAttribute("class", `sign ${kind}`);
}

/** A member's state as one word. */
export function kindOf({ pause, state }: Pick<MemberView, "pause" | "state">): Kind {
  if (pause !== null) return "paused";
  return state === "gone" ? "lost" : state;
}
