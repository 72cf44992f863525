/**
 * Writing to places that other users of the machine can reach, without being led elsewhere.
 *
 * Who may make files in a folder can put a symbolic link where a file of ours is expected: root would
 * then write, for instance, into a file of the system. The kernel's own protection (`protected_symlinks`
 * of proc_sys_fs(5)) covers shared folders only, and not on every machine.
 *
 * @module
 */

import { folderAbove } from "./file_error.ts";

/** As many links as the kernel follows in one path. */
const LINKS_MAX = 40;
const ROOT = 0;
/** Permission bits with which somebody else may put files into a folder. */
const OTHERS_MAY_WRITE = 0o022;
const ALL_BITS = 0o7777;
const OWNER_ONLY = 0o600;

/** Another user of the machine could have us write where that user wants it. */
export class UnsafePlaceError extends Error {
  override readonly name = "UnsafePlaceError";
}

/**
 * Looks for links of other users on the way to a path, and at its end for a file of another user in a
 * folder that is not theirs alone. What root has made is good.
 *
 * @param path Need not be there.
 * @throws {UnsafePlaceError} if there is one; the message is a clause about it.
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
    throw new UnsafePlaceError(`"${path}" is another name of a file of ours (a hard link)`);
  }
}

/**
 * Opens a file for writing that is empty then. A new one is its owner's alone.
 *
 * @param isReplaced Whether there may be a file: it goes, and a new one gets its name. What is no file,
 *   like `/dev/null`, is written to as it is.
 * @throws {Deno.errors.AlreadyExists} if there is one that may not be replaced.
 * @throws {UnsafePlaceError} if another user leads elsewhere.
 */
export function openFresh(path: string, isReplaced = false): Deno.FsFile {
  checkPlace(path);
  const found = isReplaced ? lookAt(path, "final") : undefined;
  if (found?.isDirectory) throw new Deno.errors.IsADirectory("Is a directory");
  if (found !== undefined && !found.isFile) {
    return verified(path, Deno.openSync(path, { write: true }));
  }
  // Not truncated: its name may be one of several, and the others not ours.
  const place = found === undefined ? path : Deno.realPathSync(path);
  if (found !== undefined) Deno.removeSync(place);
  // Of all ways to open a file only this one never follows a link.
  return Deno.openSync(place, { write: true, createNew: true, mode: OWNER_ONLY });
}

/**
 * Opens a file for more at its end; makes it if there is none.
 *
 * @param mode Permission bits that it has then.
 * @throws {UnsafePlaceError} if another user leads elsewhere.
 */
export function openForMore(path: string, mode: number): Deno.FsFile {
  makeIfMissing(path, mode);
  const file = verified(path, Deno.openSync(path, { append: true }));
  if (((file.statSync().mode ?? mode) & ALL_BITS) !== mode) Deno.chmodSync(path, mode);
  return file;
}

/** Makes sure that there is a file of that name, for whoever opens it next. */
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

/** Whether the path still leads to the file that was opened: it may have been exchanged in between. */
function verified(path: string, file: Deno.FsFile): Deno.FsFile {
  try {
    checkPlace(path);
    const { dev, ino } = file.statSync();
    const now = Deno.statSync(path);
    if (now.dev !== dev || now.ino !== ino) {
      throw new UnsafePlaceError(`"${path}" became another file meanwhile`);
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
    // The kernel says itself what is wrong with more.
    if (++followed.count > LINKS_MAX) return;
    const target = Deno.readLinkSync(part);
    const above = part.slice(0, part.lastIndexOf("/") + 1);
    checkLinks(target.startsWith("/") ? target : above + target, followed);
  }
}

/** `/a`, `/a/b`, `/a/b/c` of `/a/b/c`. */
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
    // Folders above the one that the permissions name.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function isOurs(uid: number | null): boolean {
  return uid === null || uid === ROOT || uid === Deno.uid();
}
