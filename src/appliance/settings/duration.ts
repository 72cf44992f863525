/**
 * Durations as people write them: `500ms`, `15s`, `90m`, `2h`, `7d`, `1h30m`.
 *
 * @module
 */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/clock.ts";

/** The expected form, for error messages. */
export const DURATION_FORM = "a duration such as 500ms, 15s, 2h or 7d";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", SECOND_MS],
  ["m", MINUTE_MS],
  ["min", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", DAY_MS],
]);

/** Reads a duration in milliseconds; `undefined` if the text is not one, or lacks the unit. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,15}(?:\.\d{1,6})?(?:ms|s|min|m|h|d)\s?)+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|s|min|m|h|d)/g)) {
    ms += Number(number) * (UNITS_MS.get(unit ?? "") ?? NaN);
  }
  return Number.isFinite(ms) ? ms : undefined;
}

/** Writes a duration so that {@linkcode parseDuration} reads the same again, in the largest units. */
export function formatDuration(ms: number): string {
  const parts: string[] = [];
  let rest = Math.round(ms);
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const unitMs = UNITS_MS.get(unit) ?? 1;
    const count = Math.floor(rest / unitMs);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * unitMs;
  }
  return parts.length === 0 ? "0s" : parts.join("");
}
