/**
 * What `pulsebox hev` takes.
 *
 * @module
 */

import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** What `pulsebox hev` does. */
export const HEV_ACTIONS = [
  "values",
  "watch",
  "cmd",
  "ack",
  "record",
  "replay",
  "emulate",
] as const;

/** Formats of `hev record`. */
export const RECORD_FORMATS = ["capture", "dump"] as const;

/** Options of `hev`. */
export const HEV_FLAGS = {
  host: {
    flag: "host",
    short: "H",
    argument: "HOST",
    help: "Host of the server (default 127.0.0.1)",
  },
  port: { flag: "port", short: "p", argument: "PORT", help: "Broadcast port (default 54320)" },
  queryPort: { flag: "query-port", argument: "PORT", help: "Query port (default 54321)" },
  count: { flag: "count", short: "n", argument: "COUNT", help: "End after so many packets" },
  for: { flag: "for", argument: "DURATION", help: "End after this time (default: at Ctrl-C)" },
  format: {
    flag: "format",
    argument: "FORMAT",
    choices: RECORD_FORMATS,
    help: "record: packets with their times (capture), or the original's payload lines (dump)",
  },
  file: {
    flag: "file",
    short: "f",
    argument: "FILE",
    completes: "file",
    help: "emulate: the recording to play (default: one that comes with the program)",
  },
  tty: {
    flag: "tty",
    argument: "PATH",
    completes: "file",
    help: "emulate: create a link to the pseudo terminal at this path",
  },
  speed: {
    flag: "speed",
    argument: "FACTOR",
    help: "replay, emulate: how many times as fast as recorded (default 1)",
  },
  force: { flag: "force", help: "record: replace an existing file" },
  once: {
    flag: "once",
    help: "replay, emulate: stop at the end of the recording instead of repeating it",
  },
  csv: { flag: "csv", help: "watch: write the values as a table, comma-separated, with units" },
  json: { flag: "json", help: "Write JSON, for machines" },
} as const satisfies FlagTable;
