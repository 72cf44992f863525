/**
 * Text in columns.
 *
 * @module
 */

import { visible } from "../core/visible.ts";

/** Breaks a text into lines of at most `width` characters, at blanks. Longer words stand alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Width of the terms unless all are shorter. */
const TERM_WIDTH_MAX = 30;

/**
 * Rows of a term and its explanation, the explanation wrapped beside the term or below a long one.
 * The terms take as much room as they need, or `termWidth` characters if that is given.
 */
export function describe(
  rows: readonly (readonly [string, string])[],
  columns: number,
  options: { readonly termWidth?: number } = {},
): string {
  const indent = 2;
  const longest = Math.max(0, ...rows.map(([term]) => term.length));
  const termWidth = options.termWidth ?? Math.min(TERM_WIDTH_MAX, longest);
  const left = indent + termWidth + 2;
  return rows.map(([term, text]) => {
    const lines = wrap(text, Math.max(columns - left, 20));
    const beside = term.length <= termWidth;
    const first = `${" ".repeat(indent)}${term}`;
    const body = lines.map((line, index) =>
      index === 0 && beside ? `${first.padEnd(left)}${line}` : `${" ".repeat(left)}${line}`
    );
    return `${[...(beside ? [] : [first]), ...body].join("\n")}\n`;
  }).join("");
}

/**
 * Rows of cells as columns two blanks apart; the last cell of a row is not padded. Peers choose
 * names: characters that would move or hide other cells are shown as escapes.
 */
export function tabulate(table: readonly (readonly string[])[]): string {
  const rows = table.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    `${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd()}\n`
  ).join("");
}
