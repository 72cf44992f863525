/**
 * Packs the library as an npm package: `deno task pack [--output FOLDER]`.
 *
 * The file goes to `dist/` unless told otherwise, with its SHA-256 sum. The same sources give the same
 * bytes. It holds what the doors of the library reach and nothing of the program.
 *
 * @module
 */

import { offerHelp } from "./task_help.ts";
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { messageOf } from "../src/core/message_of.ts";
import { VERSION } from "../src/version.ts";
import { filesBelow } from "../tests/support/files_below.ts";
import { archive, run } from "./compile/command.ts";

/** What the library does not use. */
const PROGRAM = [
  "src/appliance",
  "src/appliance.ts",
  "src/cli",
  "src/console",
  "src/roles",
  "src/store",
  "src/version.ts",
  "dumps",
];

/** The interfaces whose members `deno pack` leaves out: their names are symbols. */
const SYMBOLIC = /^(AsyncDisposable|Disposable|AsyncIterable|AsyncIterableIterator|Iterable)(<|$)/;
const CLASS = /export declare class (\w+)(<[^>]*>)?(?: extends [\w.<>]+)? implements ([^{]+?) \{/g;

/** Packs into a folder, and gives the path of the file. */
async function pack(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const name = `pulsebox-library-${VERSION}.tgz`;
  const path = `${folder}/${name}`;
  const stage = await Deno.makeTempDir({ prefix: "pulsebox-pack-" });
  try {
    const raw = `${stage}/raw.tgz`;
    const options = ["--quiet", "--allow-dirty", `--ignore=${PROGRAM.join(",")}`];
    await run(Deno.execPath(), ["pack", ...options, `--output=${raw}`]);
    await run("tar", ["--extract", `--file=${raw}`, `--directory=${stage}`]);
    await mendTypes(`${stage}/package`);
    await archive({ folder: stage, members: ["package"], path });
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
  const bytes = await Deno.readFile(path);
  const sum = createHash("sha256").update(bytes).digest("hex");
  await Deno.writeTextFile(`${path}.sha256`, `${sum}  ${name}\n`);
  return path;
}

/**
 * Gives classes back the members named by symbols, without which `await using` and `for await` are
 * errors of types. Delete when `deno pack` keeps them (denoland/deno#36567).
 *
 * @throws {Error} if it keeps them.
 */
async function mendTypes(folder: string): Promise<void> {
  for (const file of filesBelow(folder)) {
    if (!file.endsWith(".d.ts")) continue;
    const path = `${folder}/${file}`;
    const text = await Deno.readTextFile(path);
    const code = text.replaceAll(/\/\*\*[^]*?\*\//g, "");
    if (code.includes("[Symbol.asyncDispose]")) {
      throw new Error(
        "Deno keeps members named by symbols now: delete mendTypes of scripts/pack.ts",
      );
    }
    const added = [...code.matchAll(CLASS)].flatMap(([, name, parameters = "", parents = ""]) => {
      const symbolic = parents.split(/, (?![^<]*>)/).filter((parent) => SYMBOLIC.test(parent));
      if (symbolic.length === 0) return [];
      return [`export interface ${name}${parameters} extends ${symbolic.join(", ")} {}\n`];
    });
    if (added.length > 0) await Deno.writeTextFile(path, `${text}\n${added.join("")}`);
  }
}

if (import.meta.main) {
  offerHelp("pack");
  try {
    const { values } = parseArgs({ args: Deno.args, options: { output: { type: "string" } } });
    console.log(await pack(values.output ?? "dist"));
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
