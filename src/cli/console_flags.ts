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
    help: "The host whose console to ask, instead of --console-host",
  },
  consoleUrl: {
    flag: "console-url",
    argument: "URL",
    help: "The console to ask, instead of --console-host and --console-port",
  },
  ...CA_FLAG,
} as const;
