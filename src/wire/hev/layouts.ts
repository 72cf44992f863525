/**
 * The layout of every known payload, in the order of the protocol's documents, so that the two can be compared line by line.
 *
 * A payload is found by version, type **and length**: the same version byte was used for up to
 * three different layouts of a type.
 *
 * @module
 */

import { Layout } from "./layout.ts";
import type { PayloadType } from "./payload_type.ts";

/** One row of {@linkcode PAYLOAD_LAYOUTS}. */
export interface PayloadLayout {
  /** First byte of the payload. */
  readonly version: number;
  /** What it is about; byte 5 of the payload since version 0xA2. */
  readonly type: PayloadType;
  /** Length in bytes, as documented; equal to `layout.bytes`. */
  readonly bytes: number;
  /** Its fields, head included. */
  readonly layout: Layout;
}

/** The oldest version whose payloads carry their type. */
export const TYPED_VERSION_MIN = 0xa2;

const HEAD = `
  u8  version
  u32 timestamp                   # ms since the controller started
  u8  payload_type
`;

/** Raw counts of the converters; they are the 17 keys of the oldest packets, in order. */
const COUNTS = `
  u16 pressure_air_supply pressure_air_regulated pressure_o2_supply pressure_o2_regulated
  u16 pressure_buffer pressure_inhale pressure_patient temperature_buffer pressure_diff_patient
  u8  readback_valve_air_in readback_valve_o2_in readback_valve_inhale readback_valve_exhale
  u8  readback_valve_purge readback_mode
`;

const A0_DATA = `
  u8  version fsm_state
  ${COUNTS}
`;

const A1_ALIGNED_DATA = `
  u8  version fsm_state
  pad2
  u32 timestamp
  ${COUNTS}
`;

const A1_PACKED_DATA = `
  u8  version
  u32 timestamp
  u8  fsm_state
  ${COUNTS}
`;

function a0Event(code: string): string {
  return `
    u8  version ${code}
    u32 param
  `;
}

function a1AlignedEvent(type: string, code: string): string {
  return `
    u8  version
    pad3
    u32 timestamp
    u8  ${type} ${code}
    pad2
    u32 param
  `;
}

function a1PackedEvent(type: string, code: string): string {
  return `
    u8  version
    u32 timestamp
    u8  ${type} ${code}
    u32 param
  `;
}

const PRESSURES = `
  u8  fsm_state
  u16 pressure_air_supply
  f32 pressure_air_regulated
  u16 pressure_o2_supply
  f32 pressure_o2_regulated pressure_buffer pressure_inhale pressure_patient
  u16 temperature_buffer
  f32 pressure_diff_patient
  u16 ambient_pressure ambient_temperature
  f32 airway_pressure flow
`;

const CONTROL = `
  f32 target_pressure process_pressure valve_duty_cycle proportional integral derivative
`;

const VALVES = `
  f32 valve_air_in valve_o2_in
  u8  valve_inhale valve_exhale valve_purge ventilation_mode
  u8  valve_inhale_percent valve_exhale_percent
  u8  valve_air_in_enable valve_o2_in_enable valve_purge_enable
  u8  inhale_trigger_enable exhale_trigger_enable
`;

const AA_READBACK = `
  u16 duration_calibration duration_buff_purge duration_buff_flush duration_buff_prefill
  u16 duration_buff_fill duration_buff_loaded duration_buff_pre_inhale duration_inhale
  u16 duration_pause duration_exhale_fill duration_exhale
  ${VALVES}
  f32 peep inhale_exhale_ratio
`;

const B6_READBACK = `
  u16 duration_calibration duration_buff_purge duration_buff_flush duration_buff_prefill
  u16 duration_buff_fill duration_buff_pre_inhale duration_inhale duration_pause duration_exhale
  ${VALVES}
  f32 peep inhale_exhale_ratio kp ki kd pid_gain
  u8  max_patient_pressure
`;

function cycle(oxygen: string): string {
  return `
    f32 respiratory_rate tidal_volume exhaled_tidal_volume inhaled_tidal_volume
    f32 minute_volume exhaled_minute_volume inhaled_minute_volume
    f32 lung_compliance static_compliance inhalation_pressure peak_inspiratory_pressure
    f32 plateau_pressure mean_airway_pressure ${oxygen}
    u16 apnea_index apnea_time
    u8  mandatory_breath
  `;
}

const DEBUG = `
  f32 kp ki kd
  ${CONTROL}
`;

function ivt(addressType: "i8" | "u8"): string {
  return `
    f32 inhale_current exhale_current purge_current air_in_current o2_in_current
    f32 inhale_voltage exhale_voltage purge_voltage air_in_voltage o2_in_voltage
    ${addressType} inhale_i2caddr exhale_i2caddr purge_i2caddr air_in_i2caddr o2_in_i2caddr
    f32 system_temp
  `;
}

const LOGMSG = "text50 message";

const CMD = `
  u8  cmd_type cmd_code
  f32 param
`;

const ALARM = `
  u8  alarm_type alarm_code
  f32 param
`;

const TARGET = `
  u8  mode
  f32 inspiratory_pressure ie_ratio volume respiratory_rate peep fiO2_percent inhale_time
  u8  inhale_trigger_enable exhale_trigger_enable volume_trigger_enable
  f32 inhale_trigger_threshold exhale_trigger_threshold
  f32 buffer_upper_pressure buffer_lower_pressure
`;

const BATTERY = "i8 bat ok alarm rdy2buf bat85 prob_elec dummy";

const LOOP_STATUS = `
  f32 duration_loop duration_loop_max
  u32 dropped_send dropped_receive
  u8  buffer_alarm buffer_cmd buffer_data
`;

const PERSONAL = `
  text60 name
  text20 patient_id
  u8     age
  text1  sex
  u8     height weight
`;

/** Every known payload. */
export const PAYLOAD_LAYOUTS: readonly PayloadLayout[] = [
  row(0xa0, "DATA", 26, A0_DATA),
  row(0xa0, "CMD", 6, a0Event("cmd_code")),
  row(0xa0, "ALARM", 6, a0Event("alarm_code")),

  // For three days the layout of 0xA0 went by the next version's name.
  row(0xa1, "DATA", 26, A0_DATA),
  row(0xa1, "DATA", 32, A1_ALIGNED_DATA),
  row(0xa1, "CMD", 16, a1AlignedEvent("cmd_type", "cmd_code")),
  row(0xa1, "ALARM", 16, a1AlignedEvent("alarm_type", "alarm_code")),
  row(0xa1, "DATA", 30, A1_PACKED_DATA),
  row(0xa1, "CMD", 11, a1PackedEvent("cmd_type", "cmd_code")),
  row(0xa1, "ALARM", 11, a1PackedEvent("alarm_type", "alarm_code")),

  row(0xaa, "DATA", 53, HEAD + PRESSURES + "f32 volume"),
  row(0xaa, "READBACK", 55, HEAD + AA_READBACK),
  row(0xaa, "CYCLE", 67, HEAD + cycle("fi02_percent")),
  row(0xaa, "DEBUG", 42, HEAD + DEBUG),
  row(0xaa, "IVT", 55, HEAD + ivt("i8")),
  row(0xaa, "LOGMSG", 56, HEAD + LOGMSG),
  row(0xaa, "CMD", 12, HEAD + CMD),
  row(0xaa, "ALARM", 12, HEAD + ALARM),

  row(0xb6, "DATA", 77, HEAD + PRESSURES + "f32 volume" + CONTROL),
  row(0xb6, "DATA", 81, HEAD + PRESSURES + "f32 flow_calc volume" + CONTROL),
  row(0xb6, "READBACK", 68, HEAD + B6_READBACK),
  row(0xb6, "READBACK", 70, HEAD + "u16 duration_pre_calibration" + B6_READBACK),
  row(0xb6, "CYCLE", 67, HEAD + cycle("fiO2_percent")),
  row(0xb6, "DEBUG", 42, HEAD + DEBUG),
  row(0xb6, "IVT", 55, HEAD + ivt("u8")),
  row(0xb6, "LOGMSG", 56, HEAD + LOGMSG),
  row(0xb6, "CMD", 12, HEAD + CMD),
  row(0xb6, "ALARM", 12, HEAD + ALARM),
  row(0xb6, "TARGET", 54, HEAD + TARGET),
  row(0xb6, "BATTERY", 13, HEAD + BATTERY),
  row(0xb6, "LOOP_STATUS", 25, HEAD + LOOP_STATUS),
  row(0xb6, "PERSONAL", 90, HEAD + PERSONAL),
];

function row(version: number, type: PayloadType, bytes: number, text: string): PayloadLayout {
  return { version, type, bytes, layout: new Layout(text) };
}
