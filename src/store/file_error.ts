/**
 * Why a file or folder cannot be used, in the words of a technician.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";

/** The intended use; `folder` means reading a folder. */
export type FileUse = "file" | "folder" | "write";

/** The error number and the failed call, which the runtime appends to the system's reason. */
const RUNTIME_WORDS = / \(os error \d+\)|: [a-z]+ '[^']*'$/g;

/**
 * Says in a few words why a file or folder could not be used.
 *
 * @param error The error of reading or writing.
 * @param path As the operator wrote it.
 */
export function fileReason(error: unknown, path: string, use: FileUse = "file"): string {
  const { errors } = Deno;
  if (error instanceof errors.NotFound) {
    if (use !== "write") return `there is no such ${use}`;
    return `the folder above it does not exist: mkdir -p ${quoted(folderAbove(path))}`;
  }
  if (error instanceof errors.IsADirectory) return "it is a folder, not a file";
  if (error instanceof errors.NotADirectory) return "a part of it is a file, not a folder";
  if (error instanceof errors.AlreadyExists) return "it exists already";
  if (error instanceof errors.PermissionDenied) {
    return use === "write"
      ? `this user may not write it: see ls -ld ${quoted(path)} ${quoted(folderAbove(path))}`
      : `this user may not read it: see ls -ld ${quoted(path)}`;
  }
  if (error instanceof errors.NotCapable) return "nothing of ours lies in the kernel's folders";
  const [line = ""] = messageOf(error).split("\n", 1);
  return line.replace(RUNTIME_WORDS, "");
}

/** A path, quoted for a shell. */
export function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** The folder of a path, as a user would write it. */
export function folderAbove(path: string): string {
  return path.replace(/\/+$/, "").replace(/[^/]*$/, "") || ".";
}
