/**
 * A page of a database that has gone bad.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

const PAGE_BYTES = 4_096;

/** Fills a page that belongs to a table with noise, the last one that is a leaf of it. */
export function spoilPage(path: string, table: string): void {
  const sqlite = new DatabaseSync(path);
  const page = sqlite.prepare(
    "SELECT max(pageno) AS page FROM dbstat WHERE name = ? AND pagetype = 'leaf'",
  ).get(table)?.["page"];
  sqlite.close();
  using file = Deno.openSync(path, { write: true });
  file.seekSync((Number(page) - 1) * PAGE_BYTES, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(PAGE_BYTES).fill(0xa5));
}
