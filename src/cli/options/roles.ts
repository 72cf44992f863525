/**
 * The roles that a host can have.
 *
 * @module
 */

import type { OptionTable } from "../option.ts";
import { switchType } from "../value_types.ts";

/** One switch for each role, and one for all. */
export const ROLE_OPTIONS = {
  heartbeat: {
    flag: "heartbeat",
    group: "Roles",
    turnsOn: true,
    schema: switchType,
    default: false,
    help: "Watch applications: drop-in for the Hilbert heartbeat server",
  },
  all: {
    flag: "all",
    group: "Roles",
    schema: switchType,
    default: false,
    help: "Turn on every role that is not turned off with --no-ROLE",
  },
} as const satisfies OptionTable;
