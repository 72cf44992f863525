/**
 * States and verdicts in words; the page says the same with and without JavaScript.
 *
 * @module
 */

import type { JudgedMember, VerdictWord } from "../../core/verdict.ts";
import type { PauseView } from "../member_view.ts";
import type { LastRunView } from "../telling_view.ts";
import type { Speech } from "./speech.ts";
import type { TextKey } from "./texts_en.ts";

/** The key of a state's word. */
type StateKey = Exclude<TextKey & `state.${string}`, "state.flapping" | "state.failed">;

/**
 * How a state is shown: its shape (colour is never the only cue), its rank (worst first), its
 * words.
 */
export interface StateWords {
  readonly sign: string;
  readonly rank: number;
  readonly key: StateKey;
}

/** The states of members. */
export const STATE_WORDS = {
  lost: { sign: "✖", rank: 0, key: "state.lost" },
  gone: { sign: "✖", rank: 1, key: "state.gone" },
  late: { sign: "▲", rank: 2, key: "state.late" },
  starting: { sign: "◌", rank: 3, key: "state.starting" },
  unknown: { sign: "?", rank: 4, key: "state.unknown" },
  ok: { sign: "●", rank: 5, key: "state.ok" },
} as const satisfies Readonly<Record<string, StateWords>>;

/** What is shown instead for a member in maintenance. */
export const PAUSED_WORDS = {
  sign: "‖",
  rank: 5,
  key: "state.paused",
} as const satisfies StateWords;

/** The address of the most recent phone, in words; empty if there is none. */
export function phonesPlace(newest: { readonly address: string } | null, { text }: Speech): string {
  return newest === null ? "" : text("phones.newest", { address: newest.address });
}

/** How a verdict is shown. */
export interface VerdictLook {
  readonly sign: string;
  /** Colour of the icon, like the band's in `verdict.css`. */
  readonly colour: string;
}

const RED = "#a40e26";
const GREY = "#424a53";

/** The looks of verdicts, and of a page without news. Only a healthy host is green. */
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

/** A verdict, as the page shows it. */
export type ShownVerdict = keyof typeof VERDICT_LOOKS;

/** The verdict's sentence with its sign. */
export function verdictLine(verdict: ShownVerdict, headline: string): string {
  return `${VERDICT_LOOKS[verdict].sign} ${headline}`;
}

/** The title of the page's tab. */
export function tabTitle(verdict: ShownVerdict, headline: string): string {
  return `${verdictLine(verdict, headline)} · Pulsebox`;
}

/**
 * One silhouette for each look within 32 by 32, so that colour is never the only cue; `M` is its
 * mark.
 */
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

/** The most members that the band names. */
const NAMES_MAX = 3;

/** Who is in trouble, where, and for how long. */
export interface Troubles {
  /** Those in the worst state first; at most {@linkcode NAMES_MAX}. */
  readonly named: readonly JudgedMember[];
  /** Number of members that are not named. */
  readonly more: number;
}

/** Selects the troubled members that a page names. */
export function troublesOf(members: readonly JudgedMember[]): Troubles {
  const named = members.slice(0, NAMES_MAX);
  return { named, more: members.length - named.length };
}

/** The troubled members in words; empty if there are none. */
export function troubleWords({ named, more }: Troubles, speech: Speech): string {
  const { text } = speech;
  const words = named.map(({ id, name: given, station: place, forMs, acknowledgedBy: who }) => {
    const name = given === "" ? id : given;
    const duration = speech.duration(forMs);
    if (who === null) {
      return place === null
        ? text("trouble.member", { name, duration })
        : text("trouble.member-at", { name, place, duration });
    }
    return place === null
      ? text("trouble.handled", { name, duration, who })
      : text("trouble.handled-at", { name, place, duration, who });
  });
  return [...words, ...(more > 0 ? [text("list.more", { count: more })] : [])].join(", ");
}

/** How the last command for a lost member ended; the host's words about its problem follow. */
export function lastRunWords({ at, member, problem }: LastRunView, speech: Speech): string {
  const time = speech.dateTime(Date.parse(at));
  return problem === null
    ? speech.text("host.last-run-ok", { member, time })
    : speech.text("host.last-run", { member, time, problem: "" });
}

/** Says that the host is in maintenance. */
export function hostPauseWords({ until, reason }: PauseView, speech: Speech): string {
  return until === null
    ? speech.text("host.paused", { reason })
    : speech.text("host.paused-until", { until: speech.dateTime(Date.parse(until)), reason });
}
