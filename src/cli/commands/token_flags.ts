/**
 * What `pulsebox token` takes.
 *
 * @module
 */

import type { FlagTable } from "../../appliance/settings/flag.ts";
import { CONSOLE_FLAGS } from "../console_flags.ts";

/** What `pulsebox token` does. */
export const TOKEN_ACTIONS = ["new", "wall"] as const;

/** Where tokens are kept if no setting says otherwise. */
export const TOKEN_FILE_DEFAULT = "/etc/pulsebox/tokens";

/** Options of `token`. */
export const TOKEN_FLAGS = {
  read: { flag: "read", help: "new: make a token that can only look" },
  wallUrl: {
    ...CONSOLE_FLAGS.consoleUrl,
    help:
      "wall: URL at which the screen reaches the console, instead of --console-host and --console-port",
  },
  json: { flag: "json", help: "Write JSON, for machines" },
} as const satisfies FlagTable;
