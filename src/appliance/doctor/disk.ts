/**
 * Checks the data folder's disk.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/message_of.ts";
import { probeDisk } from "../../store/disk_probe.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

const TOPIC = "data folder";
const FREE_BYTES_MIN = 100 * 2 ** 20;
/**
 * How long a write to the disk may take before the doctor warns, in milliseconds; a group commit
 * takes about two of them a second.
 */
const SYNC_MS_MAX = 250;

/** Checks the disk; without a data folder there is nothing to check. */
export function examineDisk(folder: string | undefined, clock: Clock): Finding[] {
  if (folder === undefined) {
    return [ok(TOPIC, "none: nothing is kept over a restart (--data DIR keeps it)")];
  }
  try {
    const { freeBytes, syncMs } = probeDisk(folder, () => clock.now());
    const text = `${folder}: ${Math.round(freeBytes / 2 ** 20)} MiB free, ` +
      `one fsync takes ${syncMs.toFixed(1)} ms`;
    if (freeBytes < FREE_BYTES_MIN) return [warn(TOPIC, text, "make room on this disk")];
    if (syncMs > SYNC_MS_MAX) return [warn(TOPIC, text, "this disk is slow, or about to fail")];
    return [ok(TOPIC, text)];
  } catch (error) {
    const text = messageOf(error);
    return [fail(TOPIC, text, "create the folder, or give it to the user of the service")];
  }
}
