/**
 * Settings of the whole host: storage, log, configuration file.
 *
 * @module
 */

import type { OptionTable } from "../option.ts";
import { choiceType, pathType, switchType } from "../value_types.ts";

/** Log levels, from the most to the least verbose. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
/** How log lines look; `auto` is lines for a terminal and a journal, as is `line`. */
export const LOG_FORMATS = ["auto", "line", "json"] as const;

/** Storage, log and configuration. */
export const GENERAL_OPTIONS = {
  data: {
    flag: "data",
    argument: "DIR",
    completes: "directory",
    group: "Storage",
    path: "data",
    schema: pathType,
    default: undefined,
    help: "Keep members, pauses and history in this folder, so that they survive a restart",
  },
  logLevel: {
    flag: "log-level",
    argument: "LEVEL",
    choices: LOG_LEVELS,
    alias: ["TIX_LOG_LEVEL"],
    aliasAlone: { role: "trigger", names: ["LOG_LEVEL"] },
    group: "Log",
    // The original programs are Python ones; people bring their level names and numbers along.
    schema: choiceType(LOG_LEVELS, {
      warn: "warning",
      err: "error",
      critical: "error",
      fatal: "error",
      "10": "debug",
      "20": "info",
      "30": "warning",
      "40": "error",
      "50": "error",
    }),
    default: "info",
    help: "Log events of this level and above",
  },
  logFormat: {
    flag: "log-format",
    argument: "FORMAT",
    choices: LOG_FORMATS,
    group: "Log",
    schema: choiceType(LOG_FORMATS),
    default: "auto",
    help: "Lines for people, or JSON lines for machines",
  },
  config: {
    flag: "config",
    tools: ["console", "heartbeat", "state", "hev"],
    argument: "FILE",
    completes: "file",
    group: "General",
    path: "file",
    notInFile: true,
    schema: pathType,
    default: undefined,
    help: "Read settings from this JSON file; flags and environment win over it",
  },
  demo: {
    flag: "demo",
    group: "General",
    schema: switchType,
    default: false,
    help: "Simulate clients for every role, to have something to look at",
  },
} as const satisfies OptionTable;
