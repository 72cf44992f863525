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
    help: "The system's root, for instance of a mounted image; nothing is started or stopped there",
  },
} as const satisfies FlagTable;

/** Options of `install`. */
export const INSTALL_FLAGS = {
  ...UNINSTALL_FLAGS,
  program: {
    flag: "program",
    argument: "FILE",
    completes: "file",
    help: "The executable to install; the running one if not given",
  },
} as const satisfies FlagTable;
