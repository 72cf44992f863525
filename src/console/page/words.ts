/**
 * States and durations in words; the page says the same with and without JavaScript.
 *
 * @module
 */

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

/** The page's headline. */
export function headline(
  { attention, total, isPaused, problems }: {
    attention: number;
    total: number;
    isPaused: boolean;
    problems: number;
  },
): string {
  if (problems > 0) return "Pulsebox itself needs attention";
  if (isPaused) return "In maintenance";
  if (total === 0) return "Nobody has been heard yet";
  return attention === 0 ? "All is well" : `${attention} of ${total} need attention`;
}

/** The title of the page's tab. */
export function tabTitle(attention: number, problems: number): string {
  if (attention === 0 && problems === 0) return "Pulsebox";
  return `(${attention === 0 ? "!" : attention}) Pulsebox`;
}
