/**
 * Measures the disk of a folder.
 *
 * @module
 */

import { statfsSync } from "node:fs";
import { messageOf } from "../core/message_of.ts";
import { openFresh } from "./safe_place.ts";

/** The measurement. */
export interface DiskFacts {
  /** Bytes that are free for this process. */
  readonly freeBytes: number;
  /** How long it took to write one small file durably, in milliseconds. */
  readonly syncMs: number;
}

/** As much as a small transaction of the database. */
const PROBE_BYTES = 4_096;

/**
 * Measures a folder's disk with one small file, which is removed afterwards.
 *
 * @param now Monotonic time in milliseconds.
 * @throws {Error} if the folder cannot be written to; the message is one plain sentence.
 */
export function probeDisk(folder: string, now: () => number): DiskFacts {
  // Use an unpredictable name: another user could otherwise block it with a file.
  const path = `${folder}/.pulsebox-doctor-${crypto.randomUUID()}`;
  try {
    const startedAt = now();
    {
      using file = openFresh(path);
      file.writeSync(new Uint8Array(PROBE_BYTES));
      file.syncSync();
    }
    const syncMs = now() - startedAt;
    Deno.removeSync(path);
    const { bavail, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, syncMs };
  } catch (error) {
    const detail = error instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : error instanceof Deno.errors.PermissionDenied
      ? "permission denied"
      : messageOf(error);
    throw new Error(`Cannot write to "${folder}": ${detail}`, { cause: error });
  }
}
