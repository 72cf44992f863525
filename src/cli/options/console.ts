/**
 * Settings of the operator's console.
 *
 * @module
 */

import type { OptionTable } from "../option.ts";
import { hostType, portType, switchType } from "../value_types.ts";

/** `--console*`. */
export const CONSOLE_OPTIONS = {
  console: {
    flag: "console",
    group: "Console",
    schema: switchType,
    default: true,
    help: "Do without the operator's page and API",
  },
  consoleHost: {
    flag: "console-host",
    argument: "HOST",
    group: "Console",
    schema: hostType,
    default: "127.0.0.1",
    help: "Address of the operator's page and API",
  },
  consolePort: {
    flag: "console-port",
    argument: "PORT",
    // The metrics of every role are on the console.
    alias: ["TIX_METRICS_PORT"],
    group: "Console",
    schema: portType,
    default: 8880,
    help: "Port of the operator's page and API; 0 picks a free one",
  },
} as const satisfies OptionTable;
