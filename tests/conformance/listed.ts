/**
 * Lists of cases that stand in docs/conformance.md, and the tables made of them.
 *
 * @module
 */

/** What every case tells besides its bytes. */
export interface ListedCase {
  /** The row of the table that counts it. */
  readonly group: string;
  /** What is special about it; no two cases of a list have the same. */
  readonly name: string;
  /** The clause of the rule, such as `RFC 6455 5.5.2`. */
  readonly clause: string;
  /** If the product does something else than the clause says: what, and why. The test holds it to that. */
  readonly deviates?: Deviation;
}

/** A rule that is not kept, on purpose. */
export interface Deviation {
  /** What the product does. */
  readonly does: string;
  readonly why: string;
}

/** One list of cases. */
export interface Suite {
  /** The comment in the page around its tables. */
  readonly mark: string;
  readonly cases: readonly ListedCase[];
}

/** The cells of one line of a table. */
export type Row = readonly string[];

/** One section of the page: the comment around it, and its tables with their heads. */
export interface Section {
  readonly mark: string;
  readonly tables: readonly (readonly Row[])[];
}

/** A suite as two tables: the groups with their counts, and the deviations, if there are any. */
export function sectionFor({ mark, cases }: Suite): Section {
  const groups = Map.groupBy(cases, ({ group }) => group);
  const rows = [...groups].map(([group, members]) => [
    group,
    clausesOf(members),
    ...countsOf(members),
  ]);
  const deviating = cases.filter(({ deviates }) => deviates !== undefined);
  const deviations = Map.groupBy(deviating, ({ deviates }) => deviates?.does ?? "");
  const counts = [
    ["group", "clauses", "cases", "as the clause says", "named deviations"],
    ...rows,
    ["all", "", ...countsOf(cases)],
  ];
  const reasons = [
    ["what Pulsebox does", "clauses", "cases", "why"],
    ...[...deviations].map(([does, members]) => [
      does,
      clausesOf(members),
      casesOf(members),
      [...new Set(members.map(({ deviates }) => deviates?.why))].join("; "),
    ]),
  ];
  return { mark, tables: deviating.length > 0 ? [counts, reasons] : [counts] };
}

/** A table in Markdown. */
export function markdownOf(rows: readonly Row[]): string {
  const [head = [], ...others] = rows;
  const line = (cells: Row) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + others.map(line).join("");
}

/** Where the section is in the page; fails if there is none. */
export function placeOf(page: string, { mark }: Section): { begin: number; end: number } {
  const begin = page.indexOf(`<!-- ${mark} -->\n`) + `<!-- ${mark} -->\n`.length;
  const end = page.indexOf(`<!-- /${mark} -->\n`);
  if (begin < `<!-- ${mark} -->\n`.length || end < begin) {
    throw new Error(`docs/conformance.md has no section between the marks of ${mark}`);
  }
  return { begin, end };
}

function clausesOf(cases: readonly ListedCase[]): string {
  return [...new Set(cases.map(({ clause }) => clause))].join(", ");
}

function countsOf(cases: readonly ListedCase[]): string[] {
  const deviating = cases.filter(({ deviates }) => deviates !== undefined).length;
  return [cases.length, cases.length - deviating, deviating].map(String);
}

/** A few cases by name, many by number. */
function casesOf(cases: readonly ListedCase[]): string {
  return cases.length <= 4
    ? cases.map(({ name }) => name).join("; ")
    : `${cases.length}, such as ${cases[0]?.name}`;
}
