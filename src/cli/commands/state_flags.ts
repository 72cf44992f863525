/**
 * What `pulsebox state` takes.
 *
 * @module
 */

import { CA_FLAG } from "../ca_file.ts";
import type { FlagTable } from "../../appliance/settings/flag.ts";

/** What `pulsebox state` does. */
export const STATE_ACTIONS = ["get", "set", "watch", "list"] as const;

/** Options of `state`. */
export const STATE_FLAGS = {
  server: {
    flag: "server",
    short: "s",
    argument: "HOST",
    help: "The game server, as HOST or HOST:PORT (default: --state-host and --state-port)",
  },
  count: { flag: "count", short: "n", argument: "COUNT", help: "watch: end after so many states" },
  for: { flag: "for", argument: "DURATION", help: "watch: end after this time" },
  json: { flag: "json", help: "Write JSON, for machines" },
  ...CA_FLAG,
} as const satisfies FlagTable;
