/**
 * Checks the files and folders that settings name, before anything depends on them.
 *
 * @module
 */

import { fileReason, folderAbove, quoted } from "./file_error.ts";
import { BUNDLED_RECORDINGS } from "./recordings.ts";

/**
 * The use of a path. A `file` or `folder` is read, so it must exist. A `data` folder is created if
 * it is missing, so its parent must exist. A `recording` is a file, or the name of a recording that
 * comes with the program.
 */
export type PathUse = "file" | "folder" | "data" | "recording";

const BUNDLED: ReadonlySet<string> = new Set(BUNDLED_RECORDINGS);

/** Folders of the kernel, which the runtime opens only with `--allow-all`. */
const KERNEL_FOLDER = /^\/(?:proc|sys|dev)(?:\/|$)/;

/**
 * Checks a path without changing anything.
 *
 * @return Why it cannot be used, in a few words; `undefined` if it can.
 */
export function pathProblem(path: string, use: PathUse): string | undefined {
  try {
    if (use === "data") return dataProblem(path);
    if (use === "recording" && BUNDLED.has(path)) return undefined;
    const { isDirectory } = Deno.statSync(path);
    if (use === "folder") {
      if (!isDirectory) return "it is a file, not a folder";
      Deno.readDirSync(path)[Symbol.iterator]().next();
      return undefined;
    }
    if (isDirectory) return "it is a folder, not a file";
    Deno.openSync(path).close();
    return undefined;
  } catch (error) {
    return fileReason(error, path, use === "folder" || use === "data" ? "folder" : "file");
  }
}

/** A full or broken disk must not prevent a start; a path that can never work must. */
function dataProblem(path: string): string | undefined {
  if (KERNEL_FOLDER.test(path)) return "nothing can be kept in a folder of the kernel";
  const known = isFolder(path);
  if (known !== undefined) return known ? undefined : "it is a file, not a folder";
  const above = folderAbove(path);
  switch (isFolder(above)) {
    case undefined:
      return `the folder above it does not exist: mkdir -p ${quoted(above)}`;
    case false:
      return `"${above}" is a file, not a folder`;
    case true:
      return undefined;
  }
}

/** `undefined` if nothing exists at the path. */
function isFolder(path: string): boolean | undefined {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
