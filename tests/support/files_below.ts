/**
 * Files of a folder and its folders.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const NONE: ReadonlySet<string> = new Set();

/**
 * The paths of all files below a folder, from the folder on, in a stable order.
 *
 * @param folder A directory; a URL ends with a slash.
 * @param leftOut Names of files and folders that are passed over, wherever they are.
 */
export function filesBelow(folder: string | URL, leftOut: ReadonlySet<string> = NONE): string[] {
  const root = folder instanceof URL ? fileURLToPath(folder) : `${folder}/`;
  const paths: string[] = [];
  const folders = [""];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const { name, isDirectory } of Deno.readDirSync(root + below)) {
      if (leftOut.has(name)) continue;
      if (isDirectory) folders.push(`${below}${name}/`);
      else paths.push(below + name);
    }
  }
  return paths.sort();
}

/** As {@linkcode filesBelow}, only those of TypeScript. */
export function sourcesBelow(folder: string | URL, leftOut?: ReadonlySet<string>): string[] {
  return filesBelow(folder, leftOut).filter((path) => path.endsWith(".ts"));
}
