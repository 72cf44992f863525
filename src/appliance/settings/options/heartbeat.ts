/**
 * Settings of the heartbeat role.
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../../core/clock.ts";
import {
  APPLICATIONS_MAX_DEFAULT,
  APPLICATIONS_PER_ADDRESS_MAX_DEFAULT,
  GRACE_MS_DEFAULT,
  REMEMBER_GONE_MS_DEFAULT,
} from "../../../roles/heartbeat/options.ts";
import { HILBERT_URL } from "../hilbert_url.ts";
import type { OptionTable } from "../option.ts";
import { formatDuration } from "../duration.ts";
import { lostAfterType } from "../lost_after_type.ts";
import { expectedProgramType, stationType } from "../program_types.ts";
import {
  countType,
  durationType,
  hostType,
  listType,
  portType,
  switchType,
} from "../value_types.ts";

/** Entries of `--heartbeat-stations`. */
const STATIONS_MAX = 10_000;
/** Entries of `--heartbeat-expect`. */
const EXPECTED_MAX = 10_000;
/** Entries of `--lost-after`. */
const LOST_AFTER_MAX = 10_000;

/** `--heartbeat-*` and other options that only this role needs. */
export const HEARTBEAT_OPTIONS = {
  heartbeatHost: {
    flag: "heartbeat-host",
    tools: ["heartbeat"],
    argument: "HOST",
    alias: ["HB_HOST"],
    inUrl: { variable: HILBERT_URL, part: "host" },
    group: "Heartbeat",
    schema: hostType,
    default: "127.0.0.1",
    help: "Address to listen on for heartbeats; 0.0.0.0 also accepts those of other machines",
  },
  heartbeatPort: {
    flag: "heartbeat-port",
    tools: ["heartbeat"],
    argument: "PORT",
    alias: ["HB_PORT"],
    inUrl: { variable: HILBERT_URL, part: "port" },
    group: "Heartbeat",
    schema: portType,
    listens: { role: "heartbeat", host: "heartbeatHost", protocol: "tcp" },
    default: 8888,
    help: "Port to listen on for heartbeats; 0 picks a free one",
  },
  heartbeatTls: {
    flag: "heartbeat-tls",
    tools: ["heartbeat"],
    group: "Heartbeat",
    schema: switchType,
    default: false,
    help: "Accept heartbeats over HTTPS only, with the certificate of --tls-cert",
  },
  heartbeatApplicationsMax: {
    flag: "heartbeat-applications-max",
    argument: "COUNT",
    group: "Heartbeat",
    schema: countType(1, 2_000_000),
    default: APPLICATIONS_MAX_DEFAULT,
    help: "Maximum number of applications",
  },
  heartbeatApplicationsPerAddressMax: {
    flag: "heartbeat-applications-per-address-max",
    argument: "COUNT",
    group: "Heartbeat",
    schema: countType(1, 2_000_000),
    default: APPLICATIONS_PER_ADDRESS_MAX_DEFAULT,
    help: "Maximum number of applications at one address (IPv6: in one /64)",
  },
  heartbeatGraceMs: {
    flag: "heartbeat-grace",
    argument: "DURATION",
    group: "Heartbeat",
    schema: durationType(SECOND_MS, DAY_MS),
    default: formatDuration(GRACE_MS_DEFAULT),
    help: "How long an announced or expected program may take until its first heartbeat",
  },
  heartbeatSelfTuning: {
    flag: "heartbeat-self-tuning",
    group: "Heartbeat",
    schema: switchType,
    default: false,
    help:
      "Learn how regularly each application beats, and grant a longer wait to one that needs it",
  },
  heartbeatSeconds: {
    flag: "heartbeat-seconds",
    group: "Heartbeat",
    schema: switchType,
    default: false,
    help: "Read and answer waits in seconds, as the oldest clients (2016, 2017) mean them",
  },
  heartbeatStations: {
    flag: "heartbeat-stations",
    argument: "ADDRESS=NAME",
    many: true,
    group: "Heartbeat",
    readAgain: "setting",
    schema: listType(stationType, STATIONS_MAX),
    isFileOfItems: (item: string) => !item.includes("="),
    default: [],
    help: "Show this name for an address; repeat it, or give a file with one entry a line",
  },
  heartbeatExpect: {
    flag: "heartbeat-expect",
    argument: "PROGRAM",
    many: true,
    group: "Heartbeat",
    readAgain: "setting",
    schema: listType(expectedProgramType, EXPECTED_MAX),
    default: [],
    help: "A program that must run, as NAME (on this host) or 'NAME @ ADDRESS'; repeat it",
  },
  lostAfter: {
    flag: "lost-after",
    argument: "[NAME=]SILENCE",
    many: true,
    group: "Heartbeat",
    schema: listType(lostAfterType, LOST_AFTER_MAX),
    default: ["5x"],
    help:
      "Silence after which a program is lost: 2x is two waits, 20s is 20 seconds; a wait is the " +
      "announced time plus 1 s, so 5x of 5 s is 30 s; repeat it with NAME= for one program",
  },
  rememberGoneMs: {
    flag: "remember-gone",
    argument: "DURATION",
    group: "Heartbeat",
    schema: durationType(0, 400 * DAY_MS),
    default: formatDuration(REMEMBER_GONE_MS_DEFAULT),
    help: "How long the console still shows a program that fell silent",
  },
} as const satisfies OptionTable;
