/**
 * Names and codes of the commands, by version.
 *
 * @module
 */

import { A1_ALARMS, AA_ALARMS, B6_ALARMS, canonicalAlarmName } from "./alarms.ts";
import { NameTable } from "./name_table.ts";
import { A1_MODES, AA_MODES, B6_MODES } from "./states.ts";

/** The commands of one version. */
export interface CommandSet {
  /** The command types. */
  readonly types: NameTable;
  /** The commands of each type by the type's name. A type without an entry takes no command. */
  readonly commands: ReadonlyMap<string, NameTable>;
}

const DURATIONS_A1 = new NameTable(`
  CALIBRATION=1 BUFF_PURGE=2 BUFF_FLUSH=3 BUFF_PREFILL=4 BUFF_FILL=5 BUFF_LOADED=6
  BUFF_PRE_INHALE=7 INHALE=8 PAUSE=9 EXHALE_FILL=10 EXHALE=11
`);

const TARGETS_B6 = new NameTable(`
  INSPIRATORY_PRESSURE=1 RESPIRATORY_RATE=2 IE_RATIO=3 VOLUME=4 PEEP=5 FIO2_PERCENT=6
  INHALE_TIME=7 INHALE_TRIGGER_THRESHOLD=8 EXHALE_TRIGGER_THRESHOLD=9 INHALE_TRIGGER_ENABLE=11
  EXHALE_TRIGGER_ENABLE=12 VOLUME_TRIGGER_ENABLE=13
`);

const A0: CommandSet = {
  // The payload has no type; this is what it would be.
  types: new NameTable("GENERAL=1"),
  commands: new Map([["GENERAL", new NameTable("START=1 STOP=2")]]),
};

const A1: CommandSet = {
  types: new NameTable(
    "GENERAL=1 SET_TIMEOUT=2 SET_MODE=3 SET_THRESHOLD_MIN=4 SET_THRESHOLD_MAX=5",
  ),
  commands: new Map([
    ["GENERAL", new NameTable("START=1 STOP=2 PURGE=3 FLUSH=4")],
    ["SET_TIMEOUT", DURATIONS_A1],
    ["SET_MODE", A1_MODES],
    ["SET_THRESHOLD_MIN", A1_ALARMS],
    ["SET_THRESHOLD_MAX", A1_ALARMS],
  ]),
};

const AA: CommandSet = {
  types: new NameTable(`
    GENERAL=1 SET_DURATION=2 SET_MODE=3 SET_THRESHOLD_MIN=4 SET_THRESHOLD_MAX=5 SET_VALVE=6
    SET_PID=7
  `),
  commands: new Map([
    ["GENERAL", new NameTable("START=1 STOP=2 RESET=3")],
    ["SET_DURATION", DURATIONS_A1],
    ["SET_MODE", AA_MODES],
    ["SET_THRESHOLD_MIN", AA_ALARMS],
    ["SET_THRESHOLD_MAX", AA_ALARMS],
    [
      "SET_VALVE",
      new NameTable(`
        AIR_IN_ENABLE=1 O2_IN_ENABLE=2 PURGE_ENABLE=3 INHALE_DUTY_CYCLE=4 INHALE_OPEN_MIN=5
        INHALE_OPEN_MAX=6 INHALE_TRIGGER_ENABLE=7 EXHALE_TRIGGER_ENABLE=8
        INHALE_TRIGGER_THRESHOLD=9 EXHALE_TRIGGER_THRESHOLD=10
      `),
    ],
    ["SET_PID", new NameTable("KP=1 KI=2 KD=3 TARGET_FINAL_PRESSURE=4 NSTEPS=5")],
  ]),
};

const B6: CommandSet = {
  types: new NameTable(`
    GENERAL=1 SET_DURATION=2 SET_MODE=3 SET_THRESHOLD_MIN=4 SET_THRESHOLD_MAX=5 SET_VALVE=6
    SET_PID=7 SET_TARGET_PC_AC=8 SET_TARGET_PC_AC_PRVC=9 SET_TARGET_PC_PSV=10 SET_TARGET_CPAP=11
    SET_TARGET_TEST=12 SET_TARGET_CURRENT=13 GET_TARGETS=14 SET_PERSONAL=15 GET_THRESHOLD_MIN=16
    GET_THRESHOLD_MAX=17 TEST_AUDIO_ALARM=18 SKIP_NEXT_CALIBRATION=19 DO_CALIBRATION=20
    MUTE_ALARM=21 RESET_ALARM=22
  `),
  // SET_PERSONAL and 18 to 22 have no table of commands.
  commands: new Map([
    ["GENERAL", new NameTable("START=1 STOP=2 RESET=3 STANDBY=4 GET_PERSONAL=5")],
    [
      "SET_DURATION",
      new NameTable(`
        PRE_CALIBRATION=1 CALIBRATION=2 BUFF_PURGE=3 BUFF_FLUSH=4 BUFF_PREFILL=5 BUFF_FILL=6
        BUFF_PRE_INHALE=7 INHALE=8 PAUSE=9 EXHALE=10
      `),
    ],
    ["SET_MODE", B6_MODES],
    ["SET_THRESHOLD_MIN", B6_ALARMS],
    ["SET_THRESHOLD_MAX", B6_ALARMS],
    [
      "SET_VALVE",
      new NameTable(`
        AIR_IN_ENABLE=1 O2_IN_ENABLE=2 PURGE_ENABLE=3 INHALE_DUTY_CYCLE=4 INHALE_OPEN_MIN=5
        INHALE_OPEN_MAX=6 INHALE_TRIGGER_ENABLE=7 EXHALE_TRIGGER_ENABLE=8
      `),
    ],
    [
      "SET_PID",
      new NameTable(`
        KP=1 KI=2 KD=3 PID_GAIN=4 TARGET_FINAL_PRESSURE=5 NSTEPS=6 MAX_PATIENT_PRESSURE=7
      `),
    ],
    ["SET_TARGET_PC_AC", TARGETS_B6],
    ["SET_TARGET_PC_AC_PRVC", TARGETS_B6],
    ["SET_TARGET_PC_PSV", TARGETS_B6],
    ["SET_TARGET_CPAP", TARGETS_B6],
    ["SET_TARGET_TEST", TARGETS_B6],
    ["SET_TARGET_CURRENT", TARGETS_B6],
    ["GET_TARGETS", B6_MODES],
    ["GET_THRESHOLD_MIN", B6_ALARMS],
    ["GET_THRESHOLD_MAX", B6_ALARMS],
  ]),
};

/** Commands by version. */
export const COMMANDS: ReadonlyMap<number, CommandSet> = new Map([
  [0xa0, A0],
  [0xa1, A1],
  [0xaa, AA],
  [0xb6, B6],
]);

/** One type was renamed after version 0xA1; either name serves with every version. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["SET_TIMEOUT", "SET_DURATION"],
  ["SET_DURATION", "SET_TIMEOUT"],
]);

/** Codes of a command. */
export interface CommandCode {
  /** Code of the command type, 1 to 22. */
  readonly type: number;
  /** Code of the command within its type, 0 to 255. */
  readonly code: number;
}

/** Looks up a command in one version, or `undefined`. Names are case-sensitive. */
export function findCommand(
  version: number,
  type: string,
  command: string,
): CommandCode | undefined {
  const set = COMMANDS.get(version);
  if (set === undefined) return undefined;
  const typeName = set.commands.has(type) ? type : RENAMED.get(type) ?? type;
  const typeCode = set.types.code(typeName);
  const code = set.commands.get(typeName)?.code(canonicalAlarmName(command));
  return typeCode === undefined || code === undefined ? undefined : { type: typeCode, code };
}

/** Is there a version that has this command? */
export function isKnownCommand(type: string, command: string): boolean {
  return COMMANDS.keys().some((version) => findCommand(version, type, command) !== undefined);
}
