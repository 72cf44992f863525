/**
 * Names of the controller's states and modes.
 *
 * @module
 */

import { NameTable } from "./name_table.ts";

const FIRST_STATES = new NameTable(`
  IDLE=0 BUFF_PREFILL=1 BUFF_FILL=2 BUFF_LOADED=3 BUFF_PRE_INHALE=4 INHALE=5 PAUSE=6
  EXHALE_FILL=7 EXHALE=8 BUFF_PURGE=9 BUFF_FLUSH=10
`);

/** Names of `fsm_state` by version. */
export const STATES: ReadonlyMap<number, NameTable> = new Map([
  [0xa0, FIRST_STATES],
  [0xa1, FIRST_STATES],
  [
    0xaa,
    new NameTable(`
      UNKNOWN=0 IDLE=1 CALIBRATION=2 BUFF_PREFILL=3 BUFF_FILL=4 BUFF_LOADED=5 BUFF_PRE_INHALE=6
      INHALE=7 PAUSE=8 EXHALE_FILL=9 EXHALE=10 STOP=11 BUFF_PURGE=12 BUFF_FLUSH=13
    `),
  ],
  [
    0xb6,
    new NameTable(`
      UNKNOWN=0 IDLE=1 PRE_CALIBRATION=2 CALIBRATION=3 BUFF_PREFILL=4 BUFF_FILL=5
      BUFF_PRE_INHALE=6 INHALE=7 PAUSE=8 EXHALE=9 STOP=10 BUFF_PURGE=11 BUFF_FLUSH=12 STANDBY=13
    `),
  ],
]);

/** Names of the modes of version 0xA1, as commands use them. */
export const A1_MODES: NameTable = new NameTable(
  "HEV_MODE_PS=1 HEV_MODE_CPAP=2 HEV_MODE_PRVC=3 HEV_MODE_TEST=4",
);

/** Names of the modes of version 0xAA. */
export const AA_MODES: NameTable = new NameTable(`
  UNKNOWN=0 HEV_MODE_PC_AC=1 HEV_MODE_PC_AC_PRVC=2 HEV_MODE_PC_PSV=3 HEV_MODE_CPAP=4
  HEV_MODE_TEST=5 LAB_MODE_BREATHE=6 LAB_MODE_PURGE=7 LAB_MODE_FLUSH=8
`);

/** Names of the modes of version 0xB6. */
export const B6_MODES: NameTable = new NameTable(`
  UNKNOWN=0 PC_AC=1 PC_AC_PRVC=2 PC_PSV=3 CPAP=4 TEST=5 PURGE=6 FLUSH=7 CURRENT=100
`);

/** Names of `ventilation_mode` and `mode` by version. */
export const MODES: ReadonlyMap<number, NameTable> = new Map([
  [0xaa, AA_MODES],
  [0xb6, B6_MODES],
]);

/** The name of a state or mode that is in no table. */
export const UNKNOWN_NAME = "UNKNOWN";
