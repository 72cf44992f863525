/**
 * States and durations in words; the page says the same with and without JavaScript.
 *
 * @module
 */

import type { JudgedMember, VerdictWord } from "../../core/verdict.ts";
import type { LastRunView } from "../telling_view.ts";

/** How a state is shown: its shape (so that colour is never alone), its rank (worst first), its words. */
export interface StateWords {
  readonly sign: string;
  readonly rank: number;
  readonly words: string;
}

/** The states of members. */
export const STATE_WORDS = {
  lost: { sign: "✖", rank: 0, words: "Lost" },
  gone: { sign: "✖", rank: 1, words: "Gone" },
  late: { sign: "▲", rank: 2, words: "Late" },
  starting: { sign: "◌", rank: 3, words: "Starting" },
  unknown: { sign: "?", rank: 4, words: "Not heard yet" },
  ok: { sign: "●", rank: 5, words: "OK" },
} as const satisfies Readonly<Record<string, StateWords>>;

/** What is shown instead while a member is in maintenance. */
export const PAUSED_WORDS: StateWords = { sign: "‖", rank: 5, words: "Maintenance" };

/** A duration with one unit, as a person would say it. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** Phones as the one name under which all of them stand among the members. */
export function phonesName(count: number): string {
  return `${count} ${count === 1 ? "phone" : "phones"}`;
}

/** Where among the addresses the phone stands that came last. */
export function phonesPlace(newest: { readonly address: string } | null): string {
  return newest === null ? "" : `newest: ${newest.address}`;
}

/** How a verdict is shown. */
export interface VerdictLook {
  readonly sign: string;
  /** Colour of the icon, as the band's in `verdict.css`. */
  readonly colour: string;
}

const RED = "#a40e26";
const GREY = "#424a53";

/** The looks of verdicts, and of a page that hears nothing. Only what is well is green. */
export const VERDICT_LOOKS = {
  problem: { sign: "✖", colour: RED },
  alarm: { sign: "✖", colour: RED },
  lost: { sign: "✖", colour: RED },
  late: { sign: "▲", colour: "#e3b341" },
  starting: { sign: "◌", colour: GREY },
  maintenance: { sign: "‖", colour: "#0550ae" },
  well: { sign: "●", colour: "#116329" },
  silent: { sign: "?", colour: GREY },
} as const satisfies Readonly<Record<VerdictWord | "silent", VerdictLook>>;

/** A verdict as the page shows it. */
export type ShownVerdict = keyof typeof VERDICT_LOOKS;

/** The verdict's sentence with its sign. */
export function verdictLine(verdict: ShownVerdict, headline: string): string {
  return `${VERDICT_LOOKS[verdict].sign} ${headline}`;
}

/** The title of the page's tab. */
export function tabTitle(verdict: ShownVerdict, headline: string): string {
  return `${verdictLine(verdict, headline)} · Pulsebox`;
}

/** One silhouette for each look within 32 by 32, so that colour is never alone; `M` is its mark. */
const SHAPES: Readonly<Record<string, string>> = {
  "●": '<circle cx="16" cy="16" r="14"/>',
  "✖": '<rect x="2" y="2" width="28" height="28" rx="5"/><path d="m10 10 12 12m0-12L10 22" M/>',
  "▲": '<path d="M16 3 31 29H1Z"/><path d="M16 12v8m0 3v3" M/>',
  "◌":
    '<circle cx="16" cy="16" r="11" fill="none" stroke="C" stroke-width="6" stroke-dasharray="11.5 5.8"/>',
  "‖": '<circle cx="16" cy="16" r="14"/><path d="M12 10v12m8-12v12" M/>',
  "?": '<path d="m16 1 15 15-15 15L1 16Z"/><path d="M12 13a4 4 0 1 1 4 4v2m0 3v3" M/>',
};

/** The icon of the page's tab: an SVG as a `data:` URL. */
export function tabIcon(verdict: ShownVerdict): string {
  const { colour, sign } = VERDICT_LOOKS[verdict];
  const mark = `fill="none" stroke="${verdict === "late" ? "#000" : "#fff"}" stroke-width="4"`;
  const shape = (SHAPES[sign] ?? "").replace(" M/", ` ${mark}/`).replace('"C"', `"${colour}"`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="${colour}">` +
    `${shape}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Members that the band names. */
const NAMES_MAX = 3;

/** Who is in trouble, where and for how long; empty if nobody is. */
export function troubleWords(members: readonly JudgedMember[]): string {
  const named = members.slice(0, NAMES_MAX).map(({ id, name, station, forMs, acknowledgedBy }) => {
    const place = station === null ? "" : ` (${station})`;
    const who = acknowledgedBy === null ? "" : `, ${acknowledgedBy} is on it`;
    return `${name === "" ? id : name}${place} ${duration(forMs)}${who}`;
  });
  const rest = members.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** The time of day, `HH:MM:SS`, in the zone of whoever shows it. */
export function timeOfDay(wallMs: number): string {
  return new Date(wallMs).toTimeString().slice(0, 8);
}

/** How the command for a lost member ended last. */
export function lastRunWords({ at, member, problem }: LastRunView): string {
  const ended = new Date(at);
  // Swedish dates are those of ISO 8601.
  const time = `${ended.toLocaleDateString("sv")} ${timeOfDay(ended.getTime())}`;
  return `The command for lost members ran last for ${member}, until ${time}: ` +
    (problem ?? "its exit status was 0");
}
