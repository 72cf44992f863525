/**
 * Settings of the HEV role.
 *
 * @module
 */

import { HOUR_MS, MINUTE_MS } from "../../../core/clock.ts";
import {
  HEV_PORTS_DEFAULT,
  PACKET_BYTES_MAX_DEFAULT,
  PACKET_GAP_MS,
  REQUEST_MS_DEFAULT,
  SILENCE_MS_DEFAULT,
} from "../../../roles/hev/options.ts";
import type { OptionTable } from "../option.ts";
import { formatDuration } from "../duration.ts";
import {
  choiceType,
  countType,
  durationType,
  hostType,
  pathType,
  portType,
  switchType,
  textType,
  typeOf,
  type ValueType,
} from "../value_types.ts";

/** What a broadcast port writes after each packet, by the generation of its clients. */
const DIALECTS = ["seed", "nul"] as const;
/** Layout of commands for a controller that has sent nothing yet. */
const CONTROLLERS = ["a0", "a1", "a1-packed", "aa", "b6"] as const;

const SOURCE_FORM = "must be serial:auto, serial:PATH, dump, dump:FILE, emulator or emulator:FILE";
const SPEED_MIN = 0.001;
/** The largest factor of `--hev-speed`. */
const SPEED_MAX = 10_000;
const SPEED_FORM = `must be a number, ${SPEED_MIN} to ${SPEED_MAX}`;

const sourceType: ValueType<string> = textType(
  SOURCE_FORM,
  (text) => /^(?:serial:.+|(?:dump|emulator)(?::.+)?)$/.test(text) ? text : undefined,
);

const speedType: ValueType<number> = typeOf(SPEED_FORM, (input) => {
  const isText = typeof input === "string" && /^\d{1,6}(?:\.\d{1,6})?$/.test(input);
  const speed = isText ? Number(input) : input;
  return typeof speed === "number" && speed >= SPEED_MIN && speed <= SPEED_MAX ? speed : undefined;
});

/** `--hev-*`, and the flags of the original server. */
export const HEV_OPTIONS = {
  hevSource: {
    flag: "hev-source",
    argument: "SOURCE",
    group: "HEV",
    path: "recording",
    pathForm: /^(?:dump|emulator):(.+)$/s,
    schema: sourceType,
    default: undefined,
    help: "Where values come from: serial:auto (the default), serial:PATH, dump[:FILE] or emulator",
  },
  hevHost: {
    flag: "hev-host",
    tools: ["hev"],
    argument: "HOST",
    group: "HEV",
    schema: hostType,
    default: "127.0.0.1",
    help:
      "Address to listen on for ventilator clients; 0.0.0.0 also accepts those of other machines",
  },
  hevWebPort: {
    flag: "hev-web-port",
    tools: ["hev"],
    argument: "PORT",
    group: "HEV",
    schema: portType,
    listens: { role: "hev", host: "hevHost", protocol: "tcp" },
    default: HEV_PORTS_DEFAULT.web,
    help: "Port that broadcasts to web clients; 0 picks a free one",
  },
  hevQueryPort: {
    flag: "hev-query-port",
    tools: ["hev"],
    argument: "PORT",
    group: "HEV",
    schema: portType,
    listens: { role: "hev", host: "hevHost", protocol: "tcp" },
    default: HEV_PORTS_DEFAULT.query,
    help: "Port for commands and acknowledgements; 0 picks a free one",
  },
  hevNativePort: {
    flag: "hev-native-port",
    argument: "PORT",
    group: "HEV",
    schema: portType,
    listens: { role: "hev", host: "hevHost", protocol: "tcp" },
    default: HEV_PORTS_DEFAULT.native,
    help: "Port that broadcasts to native displays; 0 picks a free one",
  },
  hevWebDialect: {
    flag: "hev-web-dialect",
    argument: "DIALECT",
    choices: DIALECTS,
    group: "HEV",
    schema: choiceType(DIALECTS),
    default: "seed",
    help: "Dialect of the web port: for clients until April 2020 (seed) or since May 2020 (nul)",
  },
  hevNativeDialect: {
    flag: "hev-native-dialect",
    argument: "DIALECT",
    choices: DIALECTS,
    group: "HEV",
    schema: choiceType(DIALECTS),
    default: "seed",
    help: "Dialect of the native port",
  },
  hevIntervalMs: {
    flag: "hev-interval",
    argument: "DURATION",
    group: "HEV",
    schema: durationType(PACKET_GAP_MS, HOUR_MS),
    default: formatDuration(PACKET_GAP_MS),
    help: "Minimum time between two packets of the seed dialect",
  },
  hevPacketBytesMax: {
    flag: "hev-packet-bytes-max",
    argument: "BYTES",
    group: "HEV",
    schema: countType(480, 65_536),
    default: PACKET_BYTES_MAX_DEFAULT,
    help:
      "Maximum length of a packet of the seed dialect; old clients read 500 or 600 bytes at once",
  },
  hevSilenceMs: {
    flag: "hev-silence",
    argument: "DURATION",
    group: "HEV",
    schema: durationType(100, HOUR_MS),
    default: formatDuration(SILENCE_MS_DEFAULT),
    help: "Silence of the controller after which ARDUINO_FAIL is raised",
  },
  hevQueryTimeoutMs: {
    flag: "hev-query-timeout",
    argument: "DURATION",
    group: "HEV",
    schema: durationType(100, MINUTE_MS),
    default: formatDuration(REQUEST_MS_DEFAULT),
    help: "How long a request to the query port may take to arrive",
  },
  hevController: {
    flag: "hev-controller",
    argument: "VERSION",
    choices: CONTROLLERS,
    group: "HEV",
    schema: choiceType(CONTROLLERS),
    default: "a1",
    help: "Version for which commands are encoded until the controller has been heard",
  },
  hevSpeed: {
    flag: "hev-speed",
    argument: "FACTOR",
    group: "HEV",
    schema: speedType,
    default: 1,
    help: "How many times as fast a recording is played",
  },
  hevAlarmIntervalMs: {
    flag: "hev-alarm-interval",
    argument: "DURATION",
    group: "HEV",
    schema: durationType(0, HOUR_MS),
    default: "20s",
    help: "Time between the alarms that are added to a recording without any; 0s adds none",
  },
  hevAlarmSeed: {
    flag: "hev-alarm-seed",
    argument: "NUMBER",
    group: "HEV",
    schema: countType(1, 1_000_000),
    default: 1,
    help: "Seed of the added alarms: the same number adds the same ones",
  },
  hevBigEndian: {
    flag: "hev-big-endian",
    group: "HEV",
    schema: switchType,
    default: false,
    help: "Read a recording of 27-byte records as the oldest server did",
  },
  useDumpData: {
    flag: "use-dump-data",
    group: "HEV",
    schema: switchType,
    default: false,
    help: "The original's name for --hev-source dump",
  },
  useDumpFile: {
    flag: "use-dump-file",
    group: "HEV",
    schema: switchType,
    default: false,
    help: "Another of the original's names for --hev-source dump",
  },
  inputFile: {
    flag: "inputFile",
    argument: "FILE",
    completes: "file",
    group: "HEV",
    path: "recording",
    schema: pathType,
    default: undefined,
    help: "The original's name for --hev-source dump:FILE",
  },
} as const satisfies OptionTable;
