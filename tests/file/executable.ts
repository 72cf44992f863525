/**
 * Executables for tests, built once for the sources as they are.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/version.ts";

const FOLDER = "artifacts/executables";
/** Everything that an executable is made of. */
const PARTS = ["main.ts", "deno.json", "deno.lock", "src", "dumps", "scripts/compile"];

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Building includes fetching Deno for another machine. */
const BUILD_MS_MAX = 300_000;

/** The file of the portable form for a target; it is built if the sources have changed. */
export async function portableFile(target: "x86_64" | "aarch64"): Promise<string> {
  const folder = `${ROOT}${FOLDER}/${await sourcesKey()}`;
  const path = `${folder}/pulsebox-${VERSION}-${target}-linux`;
  await Deno.mkdir(`${ROOT}${FOLDER}`, { recursive: true });
  // Test files that run at the same time build it once.
  using lock = await Deno.open(`${ROOT}${FOLDER}.lock`, { create: true, write: true });
  await lock.lock(true);
  try {
    // The sum is written last.
    await Deno.stat(`${path}.sha256`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await removeOthers(folder);
    await build(target, folder);
  }
  return path;
}

async function build(target: string, folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "compile", `--target=${target}`, "--form=portable", `--output=${folder}`],
    cwd: ROOT,
    stdin: "null",
    signal: AbortSignal.timeout(BUILD_MS_MAX),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Executables of earlier sources are of no use, and large. */
async function removeOthers(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(`${ROOT}${FOLDER}`)) {
    if (!folder.endsWith(name)) await Deno.remove(`${ROOT}${FOLDER}/${name}`, { recursive: true });
  }
}

async function sourcesKey(): Promise<string> {
  const hash = createHash("sha256");
  for (const part of PARTS) {
    for await (const path of filesOf(`${ROOT}${part}`)) {
      hash.update(`${path.slice(ROOT.length)}\n`);
      hash.update(await Deno.readFile(path));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function* filesOf(path: string): AsyncGenerator<string> {
  if ((await Deno.stat(path)).isFile) {
    yield path;
    return;
  }
  const names = (await Array.fromAsync(Deno.readDir(path))).map((entry) => entry.name);
  for (const name of names.sort()) yield* filesOf(`${path}/${name}`);
}
