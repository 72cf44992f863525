/**
 * Writes the tables of docs/conformance.md anew from the lists of cases:
 *
 *     deno run --allow-all tests/conformance/write_page.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { markdownOf, placeOf } from "./listed.ts";
import { SECTIONS } from "./suites.ts";

const PATH = fileURLToPath(new URL("../../docs/conformance.md", import.meta.url));

let page = Deno.readTextFileSync(PATH);
for (const section of SECTIONS) {
  const { begin, end } = placeOf(page, section);
  page = `${page.slice(0, begin)}\n${section.tables.map(markdownOf).join("\n")}\n${
    page.slice(end)
  }`;
}
Deno.writeTextFileSync(PATH, page);
const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", PATH] })
  .output();
if (!success) throw new Error("Cannot format docs/conformance.md");
