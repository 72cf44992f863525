/**
 * A warning about a configuration file that others can read: editors make files that way.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { isOpenToAll } from "../store/secret_files.ts";

/**
 * Warns if every user of this machine can read secrets in the configuration file.
 *
 * @param flags The flags of the secrets that stand in it.
 */
export function warnOfOpenConfig(
  path: string | undefined,
  flags: readonly string[],
  log: Logger,
): void {
  if (path === undefined || flags.length === 0 || !isOpenToAll(path)) return;
  log.warning("Every user of this machine can read {flags} in {path}: chmod 600 it", {
    flags: flags.join(", "),
    path,
  });
}
