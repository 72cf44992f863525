/**
 * Options of `install` and `uninstall`.
 *
 * @module
 */

import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** Options of `uninstall`. */
export const UNINSTALL_FLAGS = {
  dryRun: { flag: "dry-run", help: "Show what would be done, and do nothing" },
  root: {
    flag: "root",
    argument: "DIR",
    completes: "directory",
    help:
      "Root folder of another system, such as a mounted image; nothing is started or stopped there",
  },
} as const satisfies FlagTable;

/** Options of `install`. */
export const INSTALL_FLAGS = {
  ...UNINSTALL_FLAGS,
  program: {
    flag: "program",
    argument: "FILE",
    completes: "file",
    help: "The executable to install (default: the running one)",
  },
} as const satisfies FlagTable;
