/**
 * The options of `pulsebox check`, and how it reports wrong use.
 *
 * @module
 */

import { pluginLine } from "./verdict.ts";
import type { Surroundings } from "../../command.ts";
import { CONSOLE_FLAGS } from "../../console_flags.ts";
import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** Options of `check`, with the letters that monitoring plug-ins use for them. */
export const CHECK_FLAGS = {
  ...CONSOLE_FLAGS,
  host: { flag: "host", short: "H", argument: "HOST", help: "Host of the heartbeat server" },
  port: { flag: "port", short: "p", argument: "PORT", help: "Port of the heartbeat server" },
  url: {
    flag: "url",
    argument: "URL",
    help: "URL of the heartbeat server, instead of host and port",
  },
  timeout: {
    flag: "timeout",
    short: "t",
    argument: "SECONDS",
    help: "Answer UNKNOWN after this time, in seconds or with a unit as in 500ms (default 10)",
  },
  warning: {
    flag: "warning",
    short: "w",
    argument: "RANGE",
    help: "WARNING if od is outside this range",
  },
  critical: {
    flag: "critical",
    short: "c",
    argument: "RANGE",
    help: "CRITICAL if od is outside this range",
  },
  fleet: { flag: "fleet", help: "Ask the console for the hosts of its fleet" },
  verbose: { flag: "verbose", short: "v", help: "Write on standard error what is asked" },
  version: { flag: "version", short: "V", help: "Show the version" },
} as const satisfies FlagTable;

/** Exit status of `check` if it cannot tell. */
export const STATUS_UNKNOWN = 3;

/** Wrong use is UNKNOWN, on one line of standard output, so that the monitoring page shows why. */
export async function refuseCheck(
  problems: readonly string[],
  { terminal }: Surroundings,
): Promise<number> {
  await terminal.write(pluginLine(`UNKNOWN - ${problems.join("; ")}`));
  return STATUS_UNKNOWN;
}
