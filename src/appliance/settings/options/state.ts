/**
 * Settings of the state role.
 *
 * @module
 */

import { SECOND_MS } from "../../../core/clock.ts";
import { GAME_BOUNDS, GAME_DEFAULTS } from "../../../roles/state/options.ts";
import type { OptionTable } from "../option.ts";
import { cidrType, originType, secondsType } from "../network_types.ts";
import { headsetType } from "../program_types.ts";
import { countType, hostType, listType, pathType, portType, switchType } from "../value_types.ts";

/** The most entries in the list of headsets. */
const HEADSETS_MAX = 1_000;

/** Address blocks of `--state-operators` and of `--state-publishers`. */
const BLOCKS_MAX = 1_000;
/** Origins of `--state-origins` and of `--state-operator-origins`. */
const ORIGINS_MAX = 100;

/** `--state-*`. */
export const STATE_OPTIONS = {
  stateHost: {
    flag: "state-host",
    tools: ["state"],
    argument: "HOST",
    alias: ["MLF_HOST"],
    group: "State",
    schema: hostType,
    default: "0.0.0.0",
    help: "Address to listen on for game clients",
  },
  statePort: {
    flag: "state-port",
    tools: ["state"],
    argument: "PORT",
    alias: ["MLF_HTTP_PORT"],
    group: "State",
    schema: portType,
    listens: { role: "state", host: "stateHost", protocol: "tcp" },
    default: 6969,
    help: "Port for HTTP, and for ZeroMQ over WebSocket; 0 picks a free one",
  },
  stateTls: {
    flag: "state-tls",
    tools: ["state"],
    group: "State",
    schema: switchType,
    default: false,
    help: "Speak HTTPS and wss:// on --state-port, with the certificate of --tls-cert",
  },
  statePublisherPort: {
    flag: "state-publisher-port",
    argument: "PORT",
    alias: ["MLF_ZMQ_PUB_PORT"],
    group: "State",
    schema: portType,
    listens: { role: "state", host: "stateHost", protocol: "tcp" },
    default: 8765,
    help: "Port to which ZeroMQ publishers connect over TCP; 0 picks a free one",
  },
  stateSubscriberPort: {
    flag: "state-subscriber-port",
    argument: "PORT",
    alias: ["MLF_ZMQ_SUB_PORT"],
    group: "State",
    schema: portType,
    listens: { role: "state", host: "stateHost", protocol: "tcp" },
    default: 4321,
    help: "Port to which ZeroMQ subscribers connect over TCP; 0 picks a free one",
  },
  stateTimebombMs: {
    flag: "state-timebomb",
    argument: "SECONDS",
    alias: ["MLF_TIMEBOMB_SECONDS"],
    group: "State",
    schema: secondsType(...GAME_BOUNDS.timebombMs),
    default: String(GAME_DEFAULTS.timebombMs / SECOND_MS),
    help: "Silence after which a game client is removed: at least 4 s, and three heartbeats long",
  },
  stateCalibration: {
    flag: "state-calibration",
    argument: "DIRECTORY",
    completes: "directory",
    alias: ["MLF_CALIBRATION_DIR"],
    group: "State",
    path: "folder",
    schema: pathType,
    default: undefined,
    help: "Folder with calibration.json, or ID.json for the client with that ID",
  },
  stateHeadsets: {
    flag: "state-headsets",
    argument: "HEADSET=CLIENT",
    many: true,
    group: "State",
    schema: listType(headsetType, HEADSETS_MAX),
    isFileOfItems: (item: string) => !item.includes("="),
    default: [],
    help:
      "ID or address of the client on a headset; repeat it, or give a file with one entry a line",
  },
  stateClientsMax: {
    flag: "state-clients-max",
    argument: "COUNT",
    group: "State",
    schema: countType(...GAME_BOUNDS.clientsMax),
    default: GAME_DEFAULTS.clientsMax,
    help: "Maximum number of game clients",
  },
  stateOperatorOrigins: {
    flag: "state-operator-origins",
    argument: "ORIGIN",
    many: true,
    group: "State",
    schema: listType(originType, ORIGINS_MAX),
    default: [],
    help:
      "Accept operators' calls from pages of this origin, such as https://desk.example; repeat it",
  },
  stateOrigins: {
    flag: "state-origins",
    argument: "ORIGIN",
    many: true,
    group: "State",
    schema: listType(originType, ORIGINS_MAX),
    default: [],
    help:
      "Let pages of this origin use ZeroMQ over WebSocket; null means pages from files; repeat it",
  },
  stateOperators: {
    flag: "state-operators",
    argument: "BLOCK",
    many: true,
    group: "State",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Accept operators' calls from these addresses without a token; others need a token of " +
      "--token-file, and are refused if there is no such file; repeat it",
  },
  statePublishers: {
    flag: "state-publishers",
    argument: "BLOCK",
    many: true,
    group: "State",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Accept SetClientState over ZeroMQ from these addresses only; repeat it",
  },
  statePlain: {
    flag: "state-plain",
    group: "State",
    schema: switchType,
    default: false,
    help: "Require publishers and requesters to log in (PLAIN) with a write token as password",
  },
  stateRelayOwnTopics: {
    flag: "state-relay-own-topics",
    group: "State",
    schema: switchType,
    default: false,
    help: "Forward OnStateChange, Calibrate and OnCommand from publishers like any other topic",
  },
  stateNewPerSecondMax: {
    flag: "state-new-per-second-max",
    argument: "COUNT",
    group: "State",
    schema: countType(...GAME_BOUNDS.newPerSecondMax),
    default: GAME_DEFAULTS.newPerSecondMax,
    help: "New game clients accepted per second from one address, after the first 512",
  },
} as const satisfies OptionTable;
