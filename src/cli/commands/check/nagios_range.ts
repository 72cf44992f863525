/**
 * Threshold ranges of monitoring plug-ins.
 *
 * Source: the monitoring plug-ins' development guidelines, section on thresholds and ranges.
 *
 * @module
 */

/** Which values alarm. */
export interface NagiosRange {
  readonly start: number;
  readonly end: number;
  /** A range of values that alarms, inside or outside. Both ends count as inside. */
  readonly alarms: "outside" | "inside";
}

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,9})?`;
const RANGE = new RegExp(`^(@?)(?:(~|${NUMBER})?:)?(${NUMBER})?$`);

/**
 * Reads a range: `10` (outside of 0 to 10), `10:` (below 10), `~:10` (above 10), `10:20`, `@10:20`.
 * `undefined` if the text is none.
 */
export function parseNagiosRange(text: string): NagiosRange | undefined {
  const match = RANGE.exec(text);
  if (match === null) return undefined;
  const [, at, startText, endText] = match;
  const colon = text.includes(":");
  if (endText === undefined && (startText === undefined || !colon)) return undefined;
  const start = startText === "~" ? -Infinity : Number(startText ?? 0);
  const end = endText === undefined ? Infinity : Number(endText);
  if (start > end) return undefined;
  return { start, end, alarms: at === "@" ? "inside" : "outside" };
}

/** Whether a value alarms. */
export function isAlarm({ start, end, alarms }: NagiosRange, value: number): boolean {
  const inside = value >= start && value <= end;
  return alarms === "inside" ? inside : !inside;
}
