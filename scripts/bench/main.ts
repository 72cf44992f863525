/**
 * `deno task bench`: one table, each figure beside its floor and what a user would take instead, all of
 * the same run, and the same as JSON.
 *
 *     deno task bench [PIECE…] [--against FILE] [--keep] [--list]
 *
 * `deno task bench heartbeat peers` runs only the pieces whose name is one of these words or, for a
 * word that is no piece's name, holds it. `--keep` keeps what the JSON has of the other pieces. With `--against`, the exit status tells whether a ratio
 * is more than 15 % worse than in an earlier run, twice.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { offerHelp } from "../task_help.ts";
import { comparedWith, formatRegressions } from "./against.ts";
import { PIECES } from "./pieces.ts";
import { formatReport, readReport, type ReportRow, thisMachine } from "./report.ts";
import { formatRows, type Row } from "./row.ts";

const OUTPUT_DIRECTORY = "artifacts";
const OUTPUT = `${OUTPUT_DIRECTORY}/bench.json`;

async function measure(
  pieces: readonly string[],
  onPiece: (rows: readonly ReportRow[]) => Promise<void> = () => Promise.resolve(),
): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for (const piece of pieces) {
    console.error(`${piece} ...`);
    const { run }: { run(): Promise<Row[]> } = await import(`./${piece}.ts`);
    rows.push(...(await run()).map((row) => ({ piece, ...row })));
    await onPiece(rows);
  }
  return rows;
}

async function write(rows: readonly ReportRow[]): Promise<void> {
  await Deno.mkdir(OUTPUT_DIRECTORY, { recursive: true });
  const date = Temporal.Now.plainDateISO("UTC").toString();
  const inOrder = rows.toSorted((a, b) => PIECES.indexOf(a.piece) - PIECES.indexOf(b.piece));
  await Deno.writeTextFile(OUTPUT, formatReport({ date, machine: thisMachine(), rows: inOrder }));
  console.error(`written to ${OUTPUT}`);
}

if (import.meta.main) {
  offerHelp("bench");
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      against: { type: "string" },
      keep: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const isWanted = (piece: string) =>
    positionals.length === 0 ||
    positionals.some((word) => PIECES.includes(word) ? piece === word : piece.includes(word));
  const pieces = PIECES.filter(isWanted);
  if (values.list) console.log(PIECES.join("\n"));
  else if (pieces.length === 0) throw new Error(`Cannot measure "${positionals}": see --list`);
  else {
    const kept = (values.keep ? readReport(OUTPUT)?.rows ?? [] : [])
      .filter(({ piece }) => !pieces.includes(piece));
    // After each piece: what was measured stays if a later one fails.
    const rows = await measure(pieces, (rows) => write([...kept, ...rows]));
    console.log(formatRows(rows));
    if (values.against === undefined) {
      if (rows.some((row) => row.pass === false)) Deno.exitCode = 1;
    } else {
      const worse = await comparedWith(values.against, rows, (pieces) => measure(pieces));
      if (worse.length > 0) {
        console.error(`worse than in ${values.against}, twice:\n${formatRegressions(worse)}`);
        Deno.exitCode = 1;
      }
    }
  }
}
