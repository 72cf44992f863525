/**
 * Flags of the smaller commands; larger commands have their own file of flags.
 *
 * @module
 */

import { MEMBER_STATES } from "../../core/member.ts";
import { OUTAGE_SORTS } from "../../core/uptime_tally.ts";
import { CONSOLE_FLAGS } from "../console_flags.ts";

/** What a list of members can be narrowed to. */
export const MEMBER_CONDITIONS = [...MEMBER_STATES, "maintenance"] as const;

const STATES = MEMBER_CONDITIONS.join(", ");

/** `--json`, the same wherever it exists. */
export const JSON_FLAG = {
  json: { flag: "json", help: "Write JSON, for machines" },
} as const;

/** Options of `config`. */
export const CONFIG_FLAGS = {
  ...JSON_FLAG,
  showSecrets: { flag: "show-secrets", help: "Also show webhooks and commands" },
} as const;

/** `--version`, for those who look for it there. */
export const VERSION_FLAG = {
  version: { flag: "version", short: "V", help: "Show the version" },
} as const;

/** Options of `watch`. */
export const WATCH_FLAGS = { ...CONSOLE_FLAGS, ...JSON_FLAG } as const;

/** Options of `pause`. */
export const PAUSE_FLAGS = {
  ...CONSOLE_FLAGS,
  ...JSON_FLAG,
  for: {
    flag: "for",
    argument: "DURATION",
    help: "End after this time (default 1h); with ever, only resume ends it",
  },
  until: {
    flag: "until",
    argument: "TIME",
    help: "End at this time on the host's clock, as 2026-11-30T09:00",
  },
  reason: { flag: "reason", argument: "TEXT", help: "The reason, shown on the console" },
  all: { flag: "all", help: "The whole host" },
  expect: { flag: "expect", help: "Accept a name that has never been heard: it will be" },
} as const;

/** Options of `resume`. */
export const RESUME_FLAGS = { ...CONSOLE_FLAGS, ...JSON_FLAG, all: PAUSE_FLAGS.all } as const;

/** Options of `forget`. */
export const FORGET_FLAGS = { ...CONSOLE_FLAGS, ...JSON_FLAG } as const;

/** Options of `tag`. */
export const TAG_FLAGS = {
  ...CONSOLE_FLAGS,
  ...JSON_FLAG,
  clear: { flag: "clear", help: "Take all tags away that were set this way" },
} as const;

/** Options of `acknowledge`. */
export const ACKNOWLEDGE_FLAGS = {
  ...CONSOLE_FLAGS,
  ...JSON_FLAG,
  by: { flag: "by", argument: "NAME", help: "Who is looking after it (default: $USER)" },
  note: { flag: "note", argument: "TEXT", help: "What others should know" },
  withdraw: {
    flag: "withdraw",
    help: "Withdraw the acknowledgement: nobody looks after it any more",
  },
} as const;

/** Options of `notify`. */
export const NOTIFY_FLAGS = { ...CONSOLE_FLAGS, ...JSON_FLAG } as const;

/** What `notify` does. */
export const NOTIFY_ACTIONS = ["test"] as const;

/** Options of `members`. */
export const MEMBERS_FLAGS = {
  ...CONSOLE_FLAGS,
  ...JSON_FLAG,
  state: { flag: "state", argument: "STATE", help: `Only members in this state: ${STATES}` },
  group: { flag: "group", argument: "STATION", help: "Only members of this station or address" },
  tag: { flag: "tag", argument: "TAG", help: "Only members with this tag" },
} as const;

/** Options of `outages`. */
export const OUTAGES_FLAGS = {
  ...CONSOLE_FLAGS,
  ...JSON_FLAG,
  days: { flag: "days", argument: "N", help: "The last N days, today included (default 7)" },
  from: { flag: "from", argument: "DAY", help: "From this day on, as 2026-11-01" },
  to: { flag: "to", argument: "DAY", help: "Up to this day (default today); needs --from" },
  sort: {
    flag: "sort",
    argument: "ORDER",
    help: `What comes first: ${OUTAGE_SORTS.join(", ")} (default ${OUTAGE_SORTS[0]})`,
  },
} as const;

/** Options of `trigger`. */
export const TRIGGER_FLAGS = { ...CONSOLE_FLAGS, ...JSON_FLAG } as const;

/** What `trigger` can do. */
export const TRIGGER_ACTIONS = ["list"] as const;

/** Options of `heartbeat-url`. */
export const HEARTBEAT_URL_FLAGS = {
  ...JSON_FLAG,
  host: { flag: "host", short: "H", argument: "HOST", help: "Host of the heartbeat server" },
  port: { flag: "port", short: "p", argument: "PORT", help: "Port of the heartbeat server" },
  tls: { flag: "tls", help: "The server speaks HTTPS (--heartbeat-tls)" },
  template: {
    flag: "template",
    help: "Print one URL, with %n for the time until the next heartbeat",
  },
} as const;

/** Shells that `completions` knows. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
