/**
 * Files that the operator keeps secret: tokens, keys, passwords.
 *
 * @module
 */

import { fileReason } from "./file_error.ts";
import { openForMore } from "./safe_place.ts";

/** The largest such file, in bytes. */
export const SECRET_FILE_BYTES_MAX = 262_144;

const OTHERS_MAY_READ = 0o004;
const OWNER_ONLY = 0o600;

/** A secret file. */
export interface SecretFile {
  readonly text: string;
  /** True if every user of this machine can read it. */
  readonly isOpenToAll: boolean;
}

/**
 * Reads a secret file.
 *
 * @throws {Error} if it cannot be read; the message is one sentence without any of the content.
 */
export function readSecretFile(path: string): SecretFile {
  try {
    const { size, mode } = Deno.statSync(path);
    if (size > SECRET_FILE_BYTES_MAX) {
      throw new Error(`it has ${size} bytes, must be <= ${SECRET_FILE_BYTES_MAX}`);
    }
    const text = Deno.readTextFileSync(path);
    return { text, isOpenToAll: mode !== null && (mode & OTHERS_MAY_READ) !== 0 };
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${fileReason(cause, path)}`, { cause });
  }
}

/** Whether every user of this machine can read a file; false if there is none. */
export function isOpenToAll(path: string): boolean {
  try {
    return ((Deno.statSync(path).mode ?? 0) & OTHERS_MAY_READ) !== 0;
  } catch {
    return false;
  }
}

/**
 * Reads the text of a secret file; `undefined` if the file does not exist.
 *
 * @throws {Error} as {@linkcode readSecretFile} does.
 */
export function readSecretIfThere(path: string): string | undefined {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
  }
  return readSecretFile(path).text;
}

/**
 * Appends a line to a secret file, which only its owner can read from then on. Creates the file and
 * its folder if necessary.
 *
 * @throws {Error} if it cannot be written; the message is one sentence without the line.
 */
export function appendSecretLine(path: string, line: string): void {
  try {
    Deno.mkdirSync(path.replace(/[^/]*$/, "") || ".", { recursive: true });
    using file = openForMore(path, OWNER_ONLY);
    const bytes = new TextEncoder().encode(`${line}\n`);
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
    file.syncSync();
  } catch (cause) {
    const reason = cause instanceof Deno.errors.PermissionDenied
      ? "this user may not write it, try with sudo"
      : fileReason(cause, path, "write");
    throw new Error(`Cannot write "${path}": ${reason}`, { cause });
  }
}
