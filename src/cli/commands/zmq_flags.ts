/**
 * What `pulsebox zmq` takes.
 *
 * @module
 */

import { CA_FLAG } from "../ca_file.ts";
import type { FlagTable } from "../../appliance/settings/flag.ts";

/** The words that say what to be. */
export const ZMQ_ACTS = ["sub", "pub", "req"] as const;

/** Options of `zmq`. */
export const ZMQ_FLAGS = {
  count: { flag: "count", short: "n", argument: "COUNT", help: "sub: end after so many messages" },
  timeout: {
    flag: "timeout",
    short: "t",
    argument: "DURATION",
    help: "Give up after this time (default: pub and req 5s, sub never)",
  },
  user: {
    flag: "user",
    argument: "NAME",
    help: "User name, for peers that require a login (PLAIN)",
  },
  password: {
    flag: "password",
    argument: "WORD",
    help: "Password of that user; it crosses the network in plain text",
  },
  json: { flag: "json", help: "Write messages as JSON arrays, for machines" },
  ...CA_FLAG,
} as const satisfies FlagTable;
