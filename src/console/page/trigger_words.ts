/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />

/**
 * How regularly phones are woken, in words.
 *
 * @module
 */

import type { TriggerFigures } from "../panels.ts";
import { speech, text } from "./say.ts";

const CADENCE_SHARE = 0.99;
/** Turns that begin this late are late, in seconds. */
const LATE_SECONDS = 0.1;

/** The lateness within which nearly all turns began. */
export function latenessWords({ lateness }: TriggerFigures): string {
  const turns = lateness.at(-1)?.turns ?? 0;
  if (turns === 0) return text("trigger.no-turn");
  const seconds = boundOf(lateness);
  if (seconds === null) return text("trigger.more-than");
  return text("trigger.ms", { n: speech.number(seconds * 1000) });
}

/** The same in a sentence of its own, and whether it is as it should be. */
export function cadenceWords(figures: TriggerFigures): { words: string; isOnTime: boolean } {
  const turns = figures.lateness.at(-1)?.turns ?? 0;
  if (turns === 0) return { words: text("trigger.no-turn"), isOnTime: true };
  const bound = boundOf(figures.lateness);
  return {
    words: text("tiles.cadence", { duration: latenessWords(figures) }),
    isOnTime: bound !== null && bound <= LATE_SECONDS,
  };
}

function boundOf(lateness: TriggerFigures["lateness"]): number | null {
  const turns = lateness.at(-1)?.turns ?? 0;
  return lateness.find((row) => row.turns >= CADENCE_SHARE * turns)?.seconds ?? null;
}
