/**
 * Small files, folders and links of `/sys` and `/dev`, read through the C library.
 *
 * Deno reads these places only with `--allow-all`, whatever `--allow-read` says; here `--allow-ffi`
 * is enough. All calls are short and synchronous, and are meant for kernel file systems in memory.
 *
 * @module
 */

import { cString, fromCString, type Libc, O_CLOEXEC, O_NONBLOCK, O_RDONLY } from "./libc.ts";

/** Bytes of a text file that are read; attributes in `/sys` have at most a page. */
export const TEXT_FILE_BYTES_MAX = 4_096;
/** Entries of a folder that are read. */
export const FOLDER_ENTRIES_MAX = 10_000;

/** Bytes of a path that a link leads to. */
const PATH_BYTES_MAX = 4_096;
/** Offset of `d_name` in glibc's `struct dirent` with 64-bit offsets. */
const DIRENT_NAME_OFFSET = 19;

const AT_FDCWD = -100;
const STATX_GID = 0x10;
const STATX_BYTES = 256;
/** Offset of `stx_gid` in the kernel's `struct statx`, the same everywhere, unlike `struct stat`. */
const STATX_GID_OFFSET = 24;

/** A file's text without its final line break; `undefined` if it cannot be read. */
export function readTextFile(
  libc: Libc,
  path: string,
  bytesMax: number = TEXT_FILE_BYTES_MAX,
): string | undefined {
  const { open, read, close } = libc.symbols;
  const descriptor = open(cString(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return undefined;
  const buffer = new Uint8Array(bytesMax);
  let length = 0;
  for (let count = 1; count > 0 && length < bytesMax;) {
    // The kernel gives larger files in pieces.
    count = read(descriptor, buffer.subarray(length), BigInt(bytesMax - length));
    if (count < 0 && length === 0) length = -1;
    if (count > 0) length += count;
  }
  close(descriptor);
  if (length < 0) return undefined;
  return new TextDecoder().decode(buffer.subarray(0, length)).replace(/\n$/, "");
}

/** The names in a folder, unsorted, without `.` and `..`; none if it cannot be read. */
export function listFolder(libc: Libc, path: string): string[] {
  const { opendir, readdir, closedir } = libc.symbols;
  const folder = opendir(cString(path));
  if (folder === null) return [];
  const names: string[] = [];
  while (names.length < FOLDER_ENTRIES_MAX) {
    const entry = readdir(folder);
    if (entry === null) break;
    const name = new Deno.UnsafePointerView(entry).getCString(DIRENT_NAME_OFFSET);
    if (name !== "." && name !== "..") names.push(name);
  }
  closedir(folder);
  return names;
}

/** The target of a symbolic link as stored; `undefined` if the path is not a symbolic link. */
export function readLink(libc: Libc, path: string): string | undefined {
  const buffer = new Uint8Array(PATH_BYTES_MAX);
  const count = libc.symbols.readlink(cString(path), buffer, BigInt(buffer.length));
  return count < 0 ? undefined : new TextDecoder().decode(buffer.subarray(0, count));
}

/**
 * Makes a symbolic link and atomically replaces an existing one.
 *
 * @returns 0, or a negative error number.
 */
export function replaceLink(libc: Libc, target: string, path: string): number {
  const { symlink, rename, unlink } = libc.symbols;
  const temporary = cString(`${path}.${crypto.randomUUID()}`);
  const linked = libc.result(symlink(cString(target), temporary));
  if (linked < 0) return linked;
  const renamed = libc.result(rename(temporary, cString(path)));
  if (renamed < 0) unlink(temporary);
  return renamed;
}

/** The name of the group that owns a file, its number if it has no name; `undefined` without file. */
export function groupOfFile(libc: Libc, path: string): string | undefined {
  const status = new Uint8Array(STATX_BYTES);
  if (libc.symbols.statx(AT_FDCWD, cString(path), 0, STATX_GID, status) < 0) return undefined;
  const gid = new DataView(status.buffer).getUint32(STATX_GID_OFFSET, true);
  const group = libc.symbols.getgrgid(gid);
  // The name is the first member of `struct group`.
  const name = group === null ? null : new Deno.UnsafePointerView(group).getPointer(0);
  return name === null ? String(gid) : fromPointer(name);
}

function fromPointer(text: Deno.PointerObject): string {
  return new Deno.UnsafePointerView(text).getCString();
}

/** The path of a pseudo terminal's other end; `undefined` if the descriptor is not a pseudo terminal. */
export function pseudoTerminalPath(libc: Libc, descriptor: number): string | undefined {
  const buffer = new Uint8Array(PATH_BYTES_MAX);
  // Unlike its neighbours ptsname_r returns the error number.
  return libc.symbols.ptsname_r(descriptor, buffer, BigInt(buffer.length)) === 0
    ? fromCString(buffer)
    : undefined;
}
