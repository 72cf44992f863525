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
  trigger: {
    flag: "trigger",
    group: "Roles",
    turnsOn: true,
    schema: switchType,
    default: false,
    help: "Wake phones each second: drop-in for the TiX client trigger",
  },
  hev: {
    flag: "hev",
    group: "Roles",
    turnsOn: true,
    schema: switchType,
    default: false,
    help: "Serve a ventilator's values: drop-in for the HEV data server",
  },
  state: {
    flag: "state",
    group: "Roles",
    turnsOn: true,
    schema: switchType,
    default: false,
    help: "Serve game clients and their states: drop-in for the MLF game server",
  },
  all: {
    flag: "all",
    group: "Roles",
    schema: switchType,
    default: false,
    help: "Turn on every role that is not turned off with --no-ROLE",
  },
} as const satisfies OptionTable;
