/**
 * A soak's report as a table.
 *
 * @module
 */

import { shown } from "./figures.ts";
import type { SoakReport } from "./run.ts";

/** Writes the report for people. */
export function reportText(report: SoakReport): string {
  const { minutes, kills, cpuPercent, quantities, laws, counts, errors, isWell } = report;
  const growth = quantities.map(({ name, unit, first, last, most, slope, perHourMax, verdict }) => [
    name,
    shown(first, unit),
    shown(last, unit),
    shown(most, unit),
    slope === undefined ? "-" : `${shown(slope.perHour, unit)} ± ${shown(slope.bandPerHour, unit)}`,
    shown(perHourMax, unit),
    verdict,
  ]);
  const lawRows = laws.map(({ law, checks, broken, breach }) => [
    law,
    `${checks}`,
    `${broken}`,
    broken === 0 ? "holds" : `BROKEN, first: ${breach}`,
  ]);
  return [
    `${minutes.toFixed(1)} minutes, ${kills} kills, the host used ${
      cpuPercent.toFixed(1)
    } % of a core`,
    "",
    table([
      ["quantity", "first", "last", "most", "slope per hour", "allowed", "verdict"],
      ...growth,
    ]),
    "",
    table([["law", "checks", "broken", "verdict"], ...lawRows]),
    "",
    table([
      ["what was done", "count"],
      ...Object.entries(counts).map(([what, count]) => [
        what,
        `${count}`,
      ]),
    ]),
    ...[...errors].map(([line, count]) => `error in the log (${count} times): ${line}`),
    "",
    isWell ? "well" : "NOT WELL",
  ].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.slice(0).map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  )
    .join("\n");
}
