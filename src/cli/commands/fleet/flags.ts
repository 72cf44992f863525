/**
 * What `pulsebox fleet` takes.
 *
 * @module
 */

import { CONSOLE_FLAGS } from "../../console_flags.ts";
import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** The tools of `pulsebox fleet`. */
export const FLEET_ACTIONS = ["hosts", "plan", "init", "forget"] as const;

/** Options of `fleet`. */
export const FLEET_FLAGS = {
  brokers: {
    flag: "brokers",
    argument: "NAMES",
    help: "plan: the brokers, separated by commas: pi1,pi2,pi3",
  },
  hosts: {
    flag: "hosts",
    argument: "NAMES",
    help: "plan: the hosts to watch, separated by commas",
  },
  consoles: {
    flag: "consoles",
    argument: "NAMES",
    help: "plan: the hosts that show the fleet, separated by commas",
  },
  out: {
    flag: "out",
    argument: "FOLDER",
    completes: "file",
    help: "plan: folder for configuration and keys (default fleet)",
  },
  replicas: {
    flag: "replicas",
    argument: "COUNT",
    help:
      "init: how many brokers keep each stream, 1, 3 or 5 (default 3; 1 if one broker is named)",
  },
  json: { flag: "json", help: "Write JSON, for machines" },
  ...CONSOLE_FLAGS,
} as const satisfies FlagTable;
