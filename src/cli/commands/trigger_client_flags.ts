/**
 * What `pulsebox trigger-client` takes.
 *
 * @module
 */

import type { FlagTable } from "../../appliance/settings/flag.ts";

/** Options of `trigger-client`. */
export const TRIGGER_CLIENT_FLAGS = {
  count: {
    flag: "count",
    short: "n",
    argument: "COUNT",
    help: "Simulated phones, each on a port of its own (default 1)",
  },
  for: { flag: "for", argument: "DURATION", help: "End after this time (default: at Ctrl-C)" },
  every: {
    flag: "every",
    argument: "DURATION",
    help: "Time between two lines (default 10s)",
  },
  lease: {
    flag: "lease",
    argument: "DURATION",
    help: "Lease of the service; phones register again after a third of it (default 120s)",
  },
  json: { flag: "json", help: "Write JSON, for machines" },
} as const satisfies FlagTable;
