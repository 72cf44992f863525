/**
 * Settings of who may see, change and connect.
 *
 * @module
 */

import type { OptionTable } from "../option.ts";
import { cidrType } from "../network_types.ts";
import { listType, pathType } from "../value_types.ts";

/** The most address blocks in one list. */
const BLOCKS_MAX = 1_000;

/** `--token-file`, `--tls-*`, `--allow` and `--deny`. */
export const ACCESS_OPTIONS = {
  tokenFile: {
    flag: "token-file",
    tools: ["console", "state"],
    argument: "FILE",
    completes: "file",
    group: "Access",
    path: "file",
    readAgain: "content",
    schema: pathType,
    default: undefined,
    help: "Require one of the tokens in this file on the console; pulsebox token new adds one",
  },
  tlsCert: {
    flag: "tls-cert",
    tools: ["console", "heartbeat", "state"],
    argument: "FILE",
    completes: "file",
    group: "Access",
    path: "file",
    readAgain: "content",
    schema: pathType,
    default: undefined,
    help: "Speak HTTPS on the console's port with this certificate (PEM)",
  },
  tlsKey: {
    flag: "tls-key",
    tools: ["console", "heartbeat", "state"],
    argument: "FILE",
    completes: "file",
    group: "Access",
    path: "file",
    readAgain: "content",
    schema: pathType,
    default: undefined,
    help: "The certificate's private key (PEM)",
  },
  allow: {
    flag: "allow",
    argument: "BLOCK",
    many: true,
    group: "Access",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Accept TCP connections from these addresses only, such as 10.0.0.0/8; repeat it",
  },
  deny: {
    flag: "deny",
    argument: "BLOCK",
    many: true,
    group: "Access",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Refuse TCP connections from these addresses; wins over --allow; repeat it",
  },
} as const satisfies OptionTable;
