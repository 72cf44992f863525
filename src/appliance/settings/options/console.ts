/**
 * Settings of the operator's console.
 *
 * @module
 */

import type { OptionTable } from "../option.ts";
import { tagsType } from "../program_types.ts";
import { hostType, listType, portType, switchType } from "../value_types.ts";

/** The most names of a host. */
const NAMES_MAX = 100;

/** The most names with tags. */
const TAGGED_MAX = 1_000;

/** `--console*`. */
export const CONSOLE_OPTIONS = {
  console: {
    flag: "console",
    group: "Console",
    schema: switchType,
    default: true,
    help: "Turn off the operator's page and API",
  },
  consoleHost: {
    flag: "console-host",
    tools: ["console"],
    argument: "HOST",
    group: "Console",
    schema: hostType,
    default: "127.0.0.1",
    help: "Address of the operator's page and API; 0.0.0.0 opens them to other machines",
  },
  consolePort: {
    flag: "console-port",
    tools: ["console"],
    argument: "PORT",
    // The metrics of every role are on the console.
    alias: ["TIX_METRICS_PORT"],
    group: "Console",
    schema: portType,
    listens: { role: "console", host: "consoleHost", protocol: "tcp" },
    default: 8880,
    help: "Port of the operator's page and API; 0 picks a free one",
  },
  consoleName: {
    flag: "console-name",
    argument: "NAME",
    many: true,
    group: "Console",
    schema: listType(hostType, NAMES_MAX),
    default: [],
    help: "Another name under which browsers reach this host, such as that of a proxy; repeat it",
  },
  tag: {
    flag: "tag",
    argument: "NAME=TAG,TAG",
    many: true,
    group: "Console",
    readAgain: "setting",
    schema: listType(tagsType, TAGGED_MAX),
    default: [],
    help: "Tags of a member, to filter by on the page and with the tools; repeat it",
  },
} as const satisfies OptionTable;
