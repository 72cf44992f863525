/**
 * Finds the console of a running host, in the same way for every tool.
 *
 * @module
 */

import { CA_FLAG } from "./ca_file.ts";

/** `--console-url` and `--ca`. */
export const CONSOLE_FLAGS = {
  host: {
    flag: "host",
    short: "H",
    argument: "HOST",
    help: "Ask the console of this host, instead of --console-host",
  },
  consoleUrl: {
    flag: "console-url",
    argument: "URL",
    help: "Ask the console at this URL, instead of --console-host and --console-port",
  },
  ...CA_FLAG,
} as const;
