/**
 * `docs/performance.md`, made of the report of the last release.
 *
 * @module
 */

import { type Budget, BUDGETS, figureOf, goalOf, isMet, rowOf } from "../bench/budgets.ts";
import { PIECES } from "../bench/pieces.ts";
import type { Machine, Report, ReportRow } from "../bench/report.ts";
import { formatNumber } from "../bench/row.ts";

/** The report that the page is made of. */
export const REPORT = "scripts/bench/release.json";

/** Writes the page. */
export function performancePage({ date, machine, note, rows }: Report): string {
  const pieces = PIECES.filter((piece) => rows.some((row) => row.piece === piece));
  return `# Performance

Figures of the last release, measured with \`npx -y deno@2.9.5 task bench\` on ${date}. Each one stands
beside its floor, which is the least that the platform lets a program do for the same work, and
beside what one would take instead, measured in turns in the same run. On another machine all of them
change, and their ratios hardly.

${machineLine(machine)}${note === undefined ? "" : ` ${note}`}

## What is promised

${
    table(
      ["part", "what", "goal", "measured", "", "command"],
      BUDGETS.map((budget) => budgetLine(budget, rows)),
    )
  }

## All rows

"peers" names each peer's figure, and in brackets the product's figure divided by it. Latencies at a
fixed rate count from when a thing was due, so a server that stalls is not excused. A row with a
core's share of the load near 100 % shows the limit of the load, not of the servers.

${
    pieces.map((piece) =>
      `### ${piece}\n\n\`npx -y deno@2.9.5 task bench ${piece}\`\n\n` +
      table(
        ["what", "Pulsebox", "floor", "ratio", "peers"],
        rows.filter((row) => row.piece === piece).map(rowLine),
      )
    ).join("\n\n")
  }
`;
}

/** The machine and its software in one sentence. */
export function machineLine({ processor, cores, memoryGb, kernel, versions }: Machine): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Machine: ${processor}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}; ${
    software.join(", ")
  }.`;
}

function budgetLine(budget: Budget, rows: readonly ReportRow[]): string[] {
  const command = `\`deno task bench ${budget.piece}\``;
  const row = rowOf(budget, rows);
  if (row === undefined) {
    return [budget.part, budget.what, goalOf(budget, ""), "not measured", "", command];
  }
  const figure = figureOf(budget, row);
  const unit = budget.of === "value" || budget.of === "excess" ? ` ${row.unit}` : "";
  const met = isMet(budget, row);
  return [
    budget.part,
    budget.what,
    goalOf(budget, row.unit),
    Number.isNaN(figure) ? "" : `${formatNumber(figure)}${unit}`.trim(),
    met === undefined ? "" : met ? "met" : "**missed**",
    command,
  ];
}

function rowLine(row: ReportRow): string[] {
  const withUnit = (value: number) => `${formatNumber(value)} ${row.unit}`.trim();
  const { floor, floorName } = row;
  return [
    row.measure,
    withUnit(row.value),
    floor === undefined ? "" : withUnit(floor) + (floorName === undefined ? "" : ` (${floorName})`),
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
    (row.peers ?? []).map(({ name, value, ratio }) =>
      `${name} ${withUnit(value)} (${ratio.toFixed(2)})`
    ).join("; "),
  ];
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}
