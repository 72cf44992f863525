/**
 * Compares a run with an earlier one. Only ratios count, for floor and peers ran beside the product: a
 * slower machine slows all of them.
 *
 * @module
 */

import { readReport, type ReportRow } from "./report.ts";
import { betterOf, type Row } from "./row.ts";

/** A ratio may be worse by this share before it counts. */
export const WORSE_MAX = 0.15;

/** A ratio that is worse than it was. */
export interface Regression {
  readonly area: string;
  readonly measure: string;
  /** What the product was compared with. */
  readonly beside: string;
  readonly before: number;
  readonly now: number;
}

/**
 * The ratios that are worse by more than {@linkcode WORSE_MAX}. What only one of both runs has is left
 * out, and so is what differs from run to run by itself.
 */
export function regressions(now: readonly Row[], before: readonly Row[]): Regression[] {
  return before.flatMap((earlier) => {
    const row = now.find(({ area, measure }) =>
      area === earlier.area && measure === earlier.measure
    );
    if (row === undefined || row.isUnsteady === true) return [];
    const ratios = ratiosOf(row);
    return Object.entries(ratiosOf(earlier)).flatMap(([beside, ratio]) => {
      const ratioNow = ratios[beside];
      if (ratioNow === undefined) return [];
      const isWorse = betterOf(row) === "more"
        ? ratioNow < ratio * (1 - WORSE_MAX)
        : ratioNow > ratio * (1 + WORSE_MAX);
      if (!isWorse) return [];
      return [{ area: row.area, measure: row.measure, beside, before: ratio, now: ratioNow }];
    });
  });
}

/** Those that were worse in both of two runs: what disturbs a machine for a minute is no regression. */
export function confirmed(
  first: readonly Regression[],
  second: readonly Regression[],
): Regression[] {
  return second.filter((again) =>
    first.some(({ area, measure, beside }) =>
      area === again.area && measure === again.measure && beside === again.beside
    )
  );
}

/**
 * What is worse than in the report at a path, and still is when its pieces are measured once more.
 *
 * @throws {Error} if there is no such report.
 */
export async function comparedWith(
  path: string,
  rows: readonly ReportRow[],
  measureAgain: (pieces: readonly string[]) => Promise<readonly Row[]>,
): Promise<Regression[]> {
  const before = readReport(path);
  if (before === undefined) throw new Error(`Cannot compare with "${path}": no such file`);
  const first = regressions(rows, before.rows);
  if (first.length === 0) return [];
  console.error(`once more, for it is worse than it was:\n${formatRegressions(first)}`);
  const measures = new Set(first.map(({ measure }) => measure));
  const pieces = rows.filter(({ measure }) => measures.has(measure)).map(({ piece }) => piece);
  return confirmed(first, regressions(await measureAgain([...new Set(pieces)]), before.rows));
}

/** One line for each. */
export function formatRegressions(found: readonly Regression[]): string {
  return found.map(({ area, measure, beside, before, now }) =>
    `${area}: ${measure}: ${now.toFixed(2)} of ${beside}, was ${before.toFixed(2)}`
  ).join("\n");
}

function ratiosOf(row: Row): Record<string, number> {
  const all = [
    ...(row.ratio === undefined ? [] : [[row.floorName ?? "the floor", row.ratio] as const]),
    ...(row.peers ?? []).map(({ name, ratio }) => [name, ratio] as const),
  ];
  return Object.fromEntries(all.filter(([, ratio]) => Number.isFinite(ratio) && ratio > 0));
}
