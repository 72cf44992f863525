/**
 * HEV recordings: the operator's own, and those that come with the program.
 *
 * @module
 */

import { fileReason } from "./file_error.ts";

/** The largest recording that is read, in bytes. */
export const RECORDING_BYTES_MAX = 268_435_456;

/** The recordings that come with the program, by file name. */
export const BUNDLED_RECORDINGS = [
  "byteArray.dump",
  "sample.txt",
  "dump-AA-20200526.dump",
  "B6-20200805.dump",
] as const;

/** The name of a recording that comes with the program. */
export type BundledRecording = typeof BUNDLED_RECORDINGS[number];

/**
 * Reads a recording: the file at the path or, if the path is just a name and no such file exists,
 * the recording of that name that comes with the program.
 *
 * @throws {Error} if it cannot be read; the message is one plain sentence.
 */
export function readRecordingFile(path: string): Uint8Array<ArrayBuffer> {
  const bundled = BUNDLED_RECORDINGS.find((name) => name === path);
  try {
    const { size } = Deno.statSync(path);
    if (size > RECORDING_BYTES_MAX) {
      throw new Error(`it has ${size} bytes, must be <= ${RECORDING_BYTES_MAX}`);
    }
    return Deno.readFileSync(path);
  } catch (error) {
    if (bundled !== undefined && error instanceof Deno.errors.NotFound) {
      return readBundledRecording(bundled);
    }
    throw unreadable(path, error);
  }
}

/**
 * Reads a recording that comes with the program.
 *
 * @throws {Error} if it cannot be read; the message is one plain sentence.
 */
export function readBundledRecording(name: BundledRecording): Uint8Array<ArrayBuffer> {
  // In an executable, this folder is embedded at the same place relative to this file.
  const path = new URL(`../../dumps/${name}`, import.meta.url);
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(path: string, cause: unknown): Error {
  return new Error(`Cannot read recording "${path}": ${fileReason(cause, path)}`, { cause });
}
