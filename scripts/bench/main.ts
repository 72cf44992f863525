/**
 * `deno task bench`: one table, each figure beside its floor from the same run, and the same as JSON.
 *
 * `deno task bench heartbeat` runs only the pieces whose name holds "heartbeat".
 *
 * @module
 */

import { offerHelp } from "../task_help.ts";
import { formatRows, type Row } from "./row.ts";

const OUTPUT_DIRECTORY = "artifacts";

/** Each piece is a file that measures one thing. */
const PIECES: readonly string[] = [
  "lease_table",
  "roster",
  "heartbeat_http",
  "heartbeat_memory",
  "trigger",
  "hev",
  "zmq",
  "zmq_match",
  "console",
  "page",
  "page_rest",
  "appliance",
  "fleet",
  "fleet_memory",
  "peers_fan_out",
];

if (import.meta.main) {
  offerHelp("bench");
  const wanted = PIECES.filter((piece) => piece.includes(Deno.args[0] ?? ""));
  const rows: Row[] = [];
  for (const piece of wanted) {
    console.error(`${piece} ...`);
    const { run }: { run(): Promise<Row[]> } = await import(`./${piece}.ts`);
    rows.push(...await run());
  }
  console.log(formatRows(rows));
  await Deno.mkdir(OUTPUT_DIRECTORY, { recursive: true });
  const path = `${OUTPUT_DIRECTORY}/bench.json`;
  await Deno.writeTextFile(path, JSON.stringify({ deno: Deno.version.deno, rows }, null, 2) + "\n");
  console.error(`written to ${path}`);
  if (rows.some((row) => row.pass === false)) Deno.exitCode = 1;
}
