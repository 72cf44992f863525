/**
 * A member's state as a badge.
 *
 * @module
 */

import { escapeMarkup } from "./markup.ts";
import type { MemberView } from "./member_view.ts";

/** A badge as shields.io reads it. */
export interface Badge {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
}

/** The colours of states; each has contrast enough for white text. */
const COLORS: Readonly<Record<MemberView["state"], string>> = {
  ok: "#1a7f37",
  starting: "#57606a",
  unknown: "#57606a",
  late: "#9a6700",
  lost: "#cf222e",
  gone: "#a40e26",
};
const PAUSED_COLOR = "#0550ae";

/** Characters of a label; the rest is cut. */
const LABEL_LENGTH_MAX = 60;
/** Width of a character of the badge's font, in pixels, about. */
const CHARACTER_WIDTH = 7;
const PADDING = 10;
const HEIGHT = 20;

/** The badge of a member. */
export function badgeOf(member: MemberView, isHostPaused: boolean): Badge {
  const isPaused = isHostPaused || member.pause !== null;
  return {
    schemaVersion: 1,
    label: member.name === "" ? member.id : member.name,
    message: isPaused ? "maintenance" : member.state,
    color: isPaused ? PAUSED_COLOR : COLORS[member.state],
  };
}

/** Draws a badge as SVG. The label may hold anything: it comes from the network. */
export function drawBadge({ label, message, color }: Badge): string {
  const characters = [...label];
  const shown = characters.length <= LABEL_LENGTH_MAX
    ? label
    : `${characters.slice(0, LABEL_LENGTH_MAX - 1).join("")}…`;
  const left = widthOf(shown);
  const right = widthOf(message);
  const text = (content: string, middle: number) =>
    `<text x="${middle}" y="14" text-anchor="middle">${escapeMarkup(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" ` +
    `role="img" aria-label="${escapeMarkup(`${shown}: ${message}`)}">` +
    `<rect width="${left}" height="${HEIGHT}" fill="#3d444d"/>` +
    `<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${color}"/>` +
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` +
    `${text(shown, left / 2)}${text(message, left + right / 2)}</g></svg>\n`;
}

function widthOf(text: string): number {
  return [...text].length * CHARACTER_WIDTH + PADDING;
}
