/**
 * What `pulsebox beat` takes.
 *
 * @module
 */

import { CA_FLAG } from "../../ca_file.ts";
import type { FlagTable } from "../../../appliance/settings/flag.ts";

/** Options of `beat`; each stands for a variable of the Hilbert wrapper and wins over it. */
export const BEAT_FLAGS = {
  url: { flag: "url", argument: "URL", help: "URL of the heartbeat server (also HB_URL)" },
  init: {
    flag: "init",
    argument: "DURATION",
    help:
      "How long the program may take until its first heartbeat (also HB_INIT_TIMEOUT; default 10s)",
  },
  interval: {
    flag: "interval",
    argument: "DURATION",
    help: "Time between two heartbeats (also HB_PING_INTERVAL; default 9s)",
  },
  lostAfter: {
    flag: "lost-after",
    argument: "SILENCE",
    help:
      "Silence after which the program is lost: 2x is two waits (a wait is the interval plus 1 s), " +
      "20s is 20 seconds (default: as the server is set, usually 5x)",
  },
  quiet: {
    flag: "quiet",
    help: "Do not say at the start after how much silence the program is lost",
  },
  noInit: { flag: "no-init", help: "Do not announce the start (also HB_SEND_INIT=false)" },
  noPing: { flag: "no-ping", help: "The program sends its own heartbeats (HB_SEND_PING=false)" },
  noDone: {
    flag: "no-done",
    help: "Do not say goodbye; a signal leaves the program running (also HB_SEND_DONE=false)",
  },
  ...CA_FLAG,
} as const satisfies FlagTable;
