/**
 * The files of an installed service, which belong to the system rather than to the data directory.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";

/** A file to write. */
export interface InstallFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Reads the beginning of a text file.
 *
 * @return Undefined if there is no such file.
 * @throws {Error} if it cannot be read.
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot read "${path}": ${detailOf(error)}`, { cause: error });
  }
}

/** Until it is complete, only its owner can read a file. */
const UNFINISHED_MODE = 0o600;

/**
 * Writes a file atomically, even across a power cut, and creates its folder. At no time can anybody
 * without permission read a byte of it.
 *
 * @throws {Error} if it cannot be written.
 */
export async function writeWhole({ path, text, mode }: InstallFile): Promise<void> {
  await replace(path, async (fresh) => {
    await Deno.writeTextFile(fresh, text, { createNew: true, mode: UNFINISHED_MODE });
    await Deno.chmod(fresh, mode);
  });
}

/**
 * Copies a program atomically, even while the old one runs and across a power cut.
 *
 * @throws {Error} if it cannot be copied.
 */
export async function copyProgram(from: string, to: string): Promise<void> {
  await replace(to, async (fresh) => {
    const program = await Deno.open(from);
    const file = await Deno.open(fresh, { write: true, createNew: true, mode: UNFINISHED_MODE });
    await program.readable.pipeTo(file.writable);
    await Deno.chmod(fresh, 0o755);
  });
}

/**
 * Sets the permission bits of a file, if it exists and is not a link.
 *
 * @throws {Error} if they cannot be changed.
 */
export async function restrict(path: string, mode: number): Promise<void> {
  try {
    if ((await Deno.lstat(path)).isFile) await Deno.chmod(path, mode);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new Error(`Cannot write "${path}": ${detailOf(error)}`, { cause: error });
  }
}

/**
 * Removes a file.
 *
 * @return False if there was none.
 * @throws {Error} if it cannot be removed.
 */
export async function removeIfThere(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new Error(`Cannot remove "${path}": ${detailOf(error)}`, { cause: error });
  }
}

/**
 * Whether a file, folder or link of that name exists.
 *
 * @throws {Error} if that cannot be determined.
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new Error(`Cannot read "${path}": ${detailOf(error)}`, { cause: error });
  }
}

/**
 * Removes a folder with all its content; if it is a link, only the link.
 *
 * @throws {Error} if it cannot be removed.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    throw new Error(`Cannot remove "${path}": ${detailOf(error)}`, { cause: error });
  }
}

async function replace(path: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${path}.new`;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  try {
    await Deno.mkdir(folder, { recursive: true });
    // A file left by an attempt before a power cut may be readable by others.
    await removeIfThere(fresh);
    await make(fresh);
    // A name can reach the disk long before its bytes: a power cut would leave an empty file.
    await flush(fresh);
    await Deno.rename(fresh, path);
    await flush(folder);
  } catch (error) {
    throw new Error(`Cannot write "${path}": ${detailOf(error)}`, { cause: error });
  }
}

/** Waits until a file's bytes, or a folder's names, are on the disk. */
async function flush(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

function detailOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied, try with sudo";
  return messageOf(error);
}
