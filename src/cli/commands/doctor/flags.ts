/**
 * Options of `doctor`.
 *
 * @module
 */

import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** What is looked at, and how it is told. */
export const DOCTOR_FLAGS = {
  json: { flag: "json", help: "Write JSON, for machines" },
  offline: { flag: "offline", help: "Open no sockets: try neither ports nor the roles' protocols" },
  permissions: {
    flag: "permissions",
    help: "Show only which of Deno's permissions a started host keeps, and why",
  },
} as const satisfies FlagTable;
