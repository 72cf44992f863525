/**
 * One line of the bench's table.
 *
 * @module
 */

/** A figure, and what it is compared with. */
export interface Row {
  /** What was measured on, for instance `heartbeat`. */
  area: string;
  /** What was measured, for instance `hb_ping per second, 10 000 applications`. */
  measure: string;
  value: number;
  unit: string;
  /** The same figure of the floor in the same run, in the same unit. */
  floor?: number;
  /** What the floor is, if the measure does not say so. */
  floorName?: string;
  /** `value / floor`. */
  ratio?: number;
  /** The same figure of what a user would take instead, in the same run. */
  peers?: readonly PeerFigure[];
  /** What is asked of the value or the ratio, in words. */
  goal?: string;
  /** Whether the goal was met; absent if there is none. */
  pass?: boolean;
  /** Whether more is better or less; told by goal and unit if not given. */
  better?: "more" | "less";
  /** Set if the figure differs so much from run to run that its change says nothing. */
  isUnsteady?: boolean;
}

/** The figure of one peer. */
export interface PeerFigure {
  readonly name: string;
  readonly value: number;
  /** The product's figure divided by the peer's. */
  readonly ratio: number;
}

/** Whether more or less of a row's figure is better. */
export function betterOf({ better, goal, unit }: Row): "more" | "less" {
  if (better !== undefined) return better;
  if (goal?.startsWith(">=")) return "more";
  if (goal?.startsWith("<=")) return "less";
  return unit.endsWith("/s") ? "more" : "less";
}

/** The figure that a share of all figures, from 0 to 1, does not exceed; NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
}

/** The middle one of some figures; of an even number, the lower of both. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Prints rows as a table whose columns line up. */
export function formatRows(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.area,
    row.measure,
    `${formatNumber(row.value)} ${row.unit}`.trim(),
    row.floor === undefined ? "" : `${formatNumber(row.floor)} ${row.unit}`.trim(),
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
    (row.peers ?? []).map(({ name, value, ratio }) =>
      `${name} ${formatNumber(value)} (${ratio.toFixed(2)})`
    ).join(", "),
    row.goal ?? "",
    row.pass === undefined ? "" : row.pass ? "ok" : "MISSED",
  ]);
  const table = [["area", "measure", "value", "floor", "ratio", "peers", "goal", ""], ...cells];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  return table.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  ).join("\n");
}

/** A figure with three digits, or in whole numbers with gaps. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en").replaceAll(",", " ");
  return Number(value.toPrecision(3)).toString();
}
