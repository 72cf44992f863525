/**
 * What `pulsebox game-client` takes.
 *
 * @module
 */

import { CA_FLAG } from "../ca_file.ts";
import type { FlagTable } from "../../appliance/settings/flag.ts";

/** Options of `game-client`. */
export const GAME_CLIENT_FLAGS = {
  id: {
    flag: "id",
    argument: "ID",
    help: "The client's ID (default: one that the server assigns)",
  },
  count: {
    flag: "count",
    short: "n",
    argument: "COUNT",
    help: "Simulated clients (default 1); with --id they are ID, ID-2, ID-3 …",
  },
  interval: {
    flag: "interval",
    argument: "DURATION",
    help: "Time between two heartbeats (default 2s)",
  },
  for: { flag: "for", argument: "DURATION", help: "End after this time (default: at Ctrl-C)" },
  calibrated: {
    flag: "calibrated",
    help: "Count as calibrated even if the server has no calibration file",
  },
  json: { flag: "json", help: "Write JSON, for machines" },
  ...CA_FLAG,
} as const satisfies FlagTable;
