/**
 * Deno's own binary for a target.
 *
 * @module
 */

import { run } from "./command.ts";
import type { Target } from "./target.ts";

/** The part of `deno info --json` that is needed here. */
interface Info {
  readonly npmPackages?: Readonly<Record<string, { readonly localPath?: string }>>;
}

/**
 * Gets Deno's binary of the running version: this one, or that of the npm package, which Deno fetches,
 * checks and keeps in its cache.
 *
 * @return The path of the file.
 * @throws {Error} if it cannot be fetched.
 */
export async function denoBinary(target: Target): Promise<string> {
  if (target.triple === Deno.build.target) return Deno.execPath();
  const name = `${target.denoPackage}@${Deno.version.deno}`;
  await run(Deno.execPath(), ["cache", "--quiet", "--no-config", "--no-lock", `npm:${name}`]);
  const output = await run(Deno.execPath(), ["info", "--json", "--no-config", `npm:${name}`]);
  const folder = (JSON.parse(output) as Info).npmPackages?.[name]?.localPath;
  if (folder === undefined) throw new Error(`Cannot find Deno's binary: no package ${name}`);
  return `${folder}/deno`;
}
