/**
 * A member's state, or the verdict of a host, as a badge.
 *
 * @module
 */

import type { Verdict, VerdictWord } from "../core/verdict.ts";
import { escapeMarkup } from "./markup.ts";
import type { MemberView } from "./member_view.ts";

/** A badge in the format of shields.io. */
export interface Badge {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
}

/** The colours of states, each with enough contrast for white text. */
const COLORS: Readonly<Record<MemberView["state"], string>> = {
  ok: "#1a7f37",
  starting: "#57606a",
  unknown: "#57606a",
  late: "#9a6700",
  lost: "#cf222e",
  gone: "#a40e26",
};
const PAUSED_COLOR = "#0550ae";

/** The colours of verdicts; only a healthy host is green. */
const VERDICT_COLORS: Readonly<Record<VerdictWord, string>> = {
  problem: "#cf222e",
  alarm: "#cf222e",
  lost: "#cf222e",
  late: "#9a6700",
  starting: "#57606a",
  maintenance: PAUSED_COLOR,
  well: "#1a7f37",
};
/** The label of a host's badge. */
const HOST_LABEL = "Pulsebox";

/** The most characters of a label or message; the rest is cut. */
const LABEL_LENGTH_MAX = 60;
/** Approximate width of a character of the badge's font, in pixels. */
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

/** The badge of a host: its headline. */
export function hostBadge({ verdict, headline }: Verdict): Badge {
  const color = VERDICT_COLORS[verdict];
  return { schemaVersion: 1, label: HOST_LABEL, message: headline, color };
}

/** A span of an uptime badge. */
export type UptimeBadgeSpan = "24h" | "7d" | "30d" | "90d";

/** The least share of the time for each colour, the best first. */
const UPTIME_COLORS: readonly [share: number, color: string][] = [
  [0.99, COLORS.ok],
  [0.95, COLORS.late],
  [0, COLORS.lost],
];

/**
 * The badge of an uptime.
 *
 * @param share The fraction of the counted time, 0 to 1; null if no time counts.
 */
export function uptimeBadge(label: string, span: UptimeBadgeSpan, share: number | null): Badge {
  const color = UPTIME_COLORS.find(([from]) => share !== null && share >= from)?.[1];
  return {
    schemaVersion: 1,
    label: `${label} uptime ${span}`,
    // Round down: only what never failed has 100 %.
    message: share === null ? "unknown" : `${Math.floor(share * 10_000) / 100} %`,
    color: color ?? COLORS.unknown,
  };
}

/** Draws a badge as SVG. The label may hold anything: it comes from the network. */
export function drawBadge({ label, message, color }: Badge): string {
  const shown = cut(label);
  const said = cut(message);
  const left = widthOf(shown);
  const right = widthOf(said);
  const text = (content: string, middle: number) =>
    `<text x="${middle}" y="14" text-anchor="middle">${escapeMarkup(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" ` +
    `role="img" aria-label="${escapeMarkup(`${shown}: ${said}`)}">` +
    `<rect width="${left}" height="${HEIGHT}" fill="#3d444d"/>` +
    `<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${color}"/>` +
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` +
    `${text(shown, left / 2)}${text(said, left + right / 2)}</g></svg>\n`;
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= LABEL_LENGTH_MAX) return text;
  return `${characters.slice(0, LABEL_LENGTH_MAX - 1).join("")}…`;
}

function widthOf(text: string): number {
  return [...text].length * CHARACTER_WIDTH + PADDING;
}
