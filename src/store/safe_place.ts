/**
 * Writes to places that other users of the machine can reach, without being redirected by them.
 *
 * Whoever may create files in a folder can put a symbolic link where we expect a file of ours; root
 * would then overwrite, for example, a file of the system. The kernel's own protection
 * (`protected_symlinks` in proc_sys_fs(5)) covers shared folders only, and not on every machine.
 *
 * @module
 */

import { folderAbove } from "./file_error.ts";

/** The most links to follow in one path, as in the kernel. */
const LINKS_MAX = 40;
const ROOT = 0;
/** Permission bits that let somebody else put files into a folder. */
const OTHERS_MAY_WRITE = 0o022;
const ALL_BITS = 0o7777;
const OWNER_ONLY = 0o600;

/** Another user of the machine could redirect our writes. */
export class UnsafePlaceError extends Error {
  override readonly name = "UnsafePlaceError";
}

/**
 * Refuses a path if another user's link is on the way to it, or if it ends at another user's file
 * in a folder that is not that user's alone. Links and files of root are accepted.
 *
 * @param path Need not exist.
 * @throws {UnsafePlaceError} if the path is refused; the message is a clause about the reason.
 */
export function checkPlace(path: string): void {
  checkLinks(path, { count: 0 });
  const found = lookAt(path, "final");
  if (found === undefined || found.isDirectory) return;
  const folder = lookAt(folderAbove(Deno.realPathSync(path)), "final");
  if (folder === undefined) return;
  const isShared = ((folder.mode ?? 0) & OTHERS_MAY_WRITE) !== 0;
  if (!isOurs(found.uid)) {
    if (!isShared || folder.uid === found.uid) return;
    throw new UnsafePlaceError(`user ${found.uid} has put "${path}" there`);
  }
  if (found.isFile && (found.nlink ?? 1) > 1 && (isShared || !isOurs(folder.uid))) {
    throw new UnsafePlaceError(`"${path}" has a second name (a hard link)`);
  }
}

/**
 * Opens an empty file for writing. Only its owner can read a new file.
 *
 * @param isReplaced Whether an existing file is replaced by a new one. Anything that is not a
 * regular file, like `/dev/null`, is written to as it is.
 * @throws {Deno.errors.AlreadyExists} if a file exists and must not be replaced.
 * @throws {UnsafePlaceError} if another user redirects the path.
 */
export function openFresh(path: string, isReplaced = false): Deno.FsFile {
  checkPlace(path);
  const found = isReplaced ? lookAt(path, "final") : undefined;
  if (found?.isDirectory) throw new Deno.errors.IsADirectory("Is a directory");
  if (found !== undefined && !found.isFile) {
    return verified(path, Deno.openSync(path, { write: true }));
  }
  // Do not truncate: the file may have other names that are not ours.
  const place = found === undefined ? path : Deno.realPathSync(path);
  if (found !== undefined) Deno.removeSync(place);
  // This is the only way to open a file that never follows a link.
  return Deno.openSync(place, { write: true, createNew: true, mode: OWNER_ONLY });
}

/**
 * Opens a file for appending; creates it if it does not exist.
 *
 * @param mode Permission bits of a new file.
 * @throws {UnsafePlaceError} if another user redirects the path.
 */
export function openForMore(path: string, mode: number): Deno.FsFile {
  makeIfMissing(path, mode);
  const file = verified(path, Deno.openSync(path, { append: true }));
  if (((file.statSync().mode ?? mode) & ALL_BITS) !== mode) Deno.chmodSync(path, mode);
  return file;
}

/** Makes sure that a file of that name exists, for whoever opens it next. */
export function makeIfMissing(path: string, mode = OWNER_ONLY): void {
  checkPlace(path);
  if (lookAt(path, "final") !== undefined) return;
  try {
    Deno.openSync(path, { write: true, createNew: true, mode }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    checkPlace(path);
  }
}

/** Refuses a path that no longer leads to the file that was opened: it may have been exchanged. */
function verified(path: string, file: Deno.FsFile): Deno.FsFile {
  try {
    checkPlace(path);
    const { dev, ino } = file.statSync();
    const now = Deno.statSync(path);
    if (now.dev !== dev || now.ino !== ino) {
      throw new UnsafePlaceError(`another file has replaced "${path}" meanwhile`);
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function checkLinks(path: string, followed: { count: number }): void {
  for (const part of prefixes(path)) {
    const found = lookAt(part, "link");
    if (found === undefined) return;
    if (!found.isSymlink) continue;
    if (!isOurs(found.uid)) {
      throw new UnsafePlaceError(`user ${found.uid} has put the link "${part}" there`);
    }
    // The kernel reports longer chains of links itself.
    if (++followed.count > LINKS_MAX) return;
    const target = Deno.readLinkSync(part);
    const above = part.slice(0, part.lastIndexOf("/") + 1);
    checkLinks(target.startsWith("/") ? target : above + target, followed);
  }
}

/** `/a`, `/a/b` and `/a/b/c` for `/a/b/c`. */
function prefixes(path: string): string[] {
  const trimmed = path.replace(/\/+$/, "");
  const ends = [...trimmed.matchAll(/[^/](?=\/)/g)].map(({ index }) => index + 1);
  return [...ends, trimmed.length].map((end) => trimmed.slice(0, end));
}

function lookAt(path: string, what: "link" | "final"): Deno.FileInfo | undefined {
  try {
    return what === "link" ? Deno.lstatSync(path) : Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A folder above those that the permissions name.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function isOurs(uid: number | null): boolean {
  return uid === null || uid === ROOT || uid === Deno.uid();
}
