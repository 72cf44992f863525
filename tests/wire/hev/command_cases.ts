/**
 * Named commands: how each layout spells them, or that it cannot.
 *
 * @module
 */

import type { CommandLayout, CommandRequest } from "../../../src/wire/hev/command_encoder.ts";

/** A command and its payload in hexadecimal digits, or `undefined` if it is refused. */
export interface CommandCase {
  name: string;
  layout: CommandLayout;
  command: CommandRequest;
  payload: string | undefined;
}

/** Commands for every layout. */
export const COMMAND_CASES: readonly CommandCase[] = [
  make("START", "A0", "GENERAL START 0", "a00100000000"),
  make("STOP", "A0", "GENERAL STOP 0", "a00200000000"),
  make("PURGE, which 0xA0 lacks", "A0", "GENERAL PURGE 0", undefined),
  make("SET_MODE, which 0xA0 lacks", "A0", "SET_MODE HEV_MODE_PS 0", undefined),
  make("START", "A1 aligned", "GENERAL START 0", "a1000000000000000101000000000000"),
  make("START", "A1 packed", "GENERAL START 0", "a100000000010100000000"),
  make(
    "a time-out",
    "A1 aligned",
    "SET_TIMEOUT INHALE 1111",
    "a1000000000000000208000057040000",
  ),
  make("the renamed type", "A1 packed", "SET_DURATION INHALE 1111", "a100000000020857040000"),
  make("a mode", "A1 packed", "SET_MODE HEV_MODE_TEST 0", "a100000000030400000000"),
  make(
    "the largest threshold",
    "A1 packed",
    "SET_THRESHOLD_MAX ARDUINO_FAIL 4294967295",
    "a1000000000519ffffffff",
  ),
  make(
    "the old spelling",
    "A1 packed",
    "SET_THRESHOLD_MIN EXPIRATION_VALVE_Leak 1",
    "a100000000040501000000",
  ),
  make("a param too large", "A1 packed", "SET_THRESHOLD_MAX APNEA 4294967296", undefined),
  make("a negative param", "A1 aligned", "SET_THRESHOLD_MAX APNEA -1", undefined),
  make("a fraction", "A0", "GENERAL START 0.5", undefined),
  make("START", "AA", "GENERAL START 0", "aa0000000005010100000000"),
  make("a duration by its old type", "AA", "SET_TIMEOUT EXHALE 1", "aa0000000005020b0000803f"),
  make("PURGE, which 0xAA took back", "AA", "GENERAL PURGE 0", undefined),
  make("a fraction", "AA", "SET_PID KP 0.5", "aa000000000507010000003f"),
  make("a param beyond single precision", "AA", "SET_PID KP 1e39", undefined),
  make("START", "B6", "GENERAL START 0", "b60000000005010100000000"),
  make("a renumbered duration", "B6", "SET_DURATION EXHALE 1", "b60000000005020a0000803f"),
  make("a target", "B6", "SET_TARGET_CPAP VOLUME_TRIGGER_ENABLE 1", "b600000000050b0d0000803f"),
  make("a query for targets", "B6", "GET_TARGETS CURRENT 0", "b600000000050e6400000000"),
  make(
    "a threshold of the newest alarms",
    "B6",
    "SET_THRESHOLD_MIN LOW_VMI 0",
    "b60000000005041e00000000",
  ),
  make("a type without commands", "B6", "MUTE_ALARM APNEA 0", undefined),
  make("patients by command", "B6", "SET_PERSONAL NAME 0", undefined),
  make("a bound that is no alarm", "B6", "SET_THRESHOLD_MIN ALARMS_COUNT 0", undefined),
  make("lower case", "B6", "general start 0", undefined),
  make("an inherited type", "B6", "__proto__ START 0", undefined),
  make("an inherited command", "B6", "GENERAL constructor 0", undefined),
];

function make(
  name: string,
  layout: CommandLayout,
  words: string,
  payload: string | undefined,
): CommandCase {
  const [cmdtype = "", cmd = "", param] = words.split(" ");
  return { name, layout, command: { cmdtype, cmd, param: Number(param) }, payload };
}
