/**
 * Commands as payloads for the controller that is at the other end.
 *
 * @module
 */

import { findCommand, isKnownCommand } from "./commands.ts";
import { encodePayload } from "./payload.ts";

/**
 * The layouts in which a controller takes commands. Version 0xA1 had two; which one a controller
 * speaks is told by the lengths of what it sends.
 */
export type CommandLayout = "A0" | "A1 aligned" | "A1 packed" | "AA" | "B6";

/** Version byte and length of each {@linkcode CommandLayout}. */
export const COMMAND_LAYOUTS: Readonly<
  Record<CommandLayout, { readonly version: number; readonly bytes: number }>
> = {
  "A0": { version: 0xa0, bytes: 6 },
  "A1 aligned": { version: 0xa1, bytes: 16 },
  "A1 packed": { version: 0xa1, bytes: 11 },
  "AA": { version: 0xaa, bytes: 12 },
  "B6": { version: 0xb6, bytes: 12 },
};

/** A command as a client names it. */
export interface CommandRequest {
  /** Command type, such as `GENERAL`; case-sensitive like all names. */
  readonly cmdtype: string;
  /** Command, such as `START`. */
  readonly cmd: string;
  /** Whole and 0 to 2^32 - 1 up to version 0xA1, a single-precision float later. */
  readonly param: number;
}

/** Data of a patient, as the newest clients send them. */
export interface PersonalRequest {
  /** At most 60 bytes of UTF-8. */
  readonly name: string;
  /** At most 20 bytes of UTF-8. */
  readonly patient_id: string;
  /** Years, 0 to 255. */
  readonly age: number;
  /** At most one ASCII character. */
  readonly sex: string;
  /** 0 to 255. */
  readonly height: number;
  /** 0 to 255. */
  readonly weight: number;
}

/** A request that cannot be done; to be answered with a nack. */
export interface Refusal {
  /** Always `refused`. */
  readonly type: "refused";
  /** A sentence for the log. */
  readonly reason: string;
}

/** The largest parameter of a command with four bytes. */
const U32_MAX = 0xffff_ffff;
/** The largest parameter of a command with one byte. */
const U8_MAX = 0xff;
/** The lengths of fields of {@linkcode PersonalRequest} in bytes of UTF-8. */
const PERSONAL_TEXT_BYTES = { name: 60, patient_id: 20, sex: 1 } as const;
const textEncoder = new TextEncoder();

/**
 * The layout that a controller speaks, told by any good payload of it, or `undefined` if it does not
 * tell: version 0xA1 with data in the layout of 0xA0 says nothing about commands.
 */
export function commandLayoutOf(payload: Uint8Array): CommandLayout | undefined {
  switch (payload[0]) {
    case 0xa0:
      return "A0";
    case 0xa1:
      if (payload.length === 32 || payload.length === 16) return "A1 aligned";
      return payload.length === 30 || payload.length === 11 ? "A1 packed" : undefined;
    case 0xaa:
      return "AA";
    case 0xb6:
      return "B6";
    default:
      return undefined;
  }
}

/** Writes a command as a payload for the command address, or says why it cannot be expressed. */
export function encodeCommand(
  layout: CommandLayout,
  request: CommandRequest,
): Uint8Array<ArrayBuffer> | Refusal {
  const { version, bytes } = COMMAND_LAYOUTS[layout];
  const { cmdtype, cmd, param } = request;
  const found = findCommand(version, cmdtype, cmd);
  if (found === undefined) {
    return refused(`Cannot encode command "${cmdtype} ${cmd}": version ${layout} does not know it`);
  }
  const isInteger = version <= 0xa1;
  if (isInteger && !(Number.isInteger(param) && param >= 0 && param <= U32_MAX)) {
    return refused(
      `Cannot encode command: param is ${param}, must be a whole number, 0 to 2^32 - 1`,
    );
  }
  if (!Number.isFinite(Math.fround(param))) {
    return refused(`Cannot encode command: param is ${param}, must fit a single-precision float`);
  }
  const values = { cmd_type: found.type, cmd_code: found.code, param };
  return encodePayload({ version, type: "CMD", values }, bytes);
}

/** Judges a command when no controller is there to take it: every version's commands are good. */
export function checkCommand(request: CommandRequest): Refusal | undefined {
  const { cmdtype, cmd } = request;
  if (isKnownCommand(cmdtype, cmd)) return undefined;
  return refused(`Cannot take command "${cmdtype} ${cmd}": no version has it`);
}

/** Writes a patient's data as a payload for the data address, or says why that is not possible. */
export function encodePersonal(
  layout: CommandLayout,
  request: PersonalRequest,
): Uint8Array<ArrayBuffer> | Refusal {
  if (layout !== "B6") {
    return refused(`Cannot encode patient: version ${layout} has no such payload`);
  }
  const refusal = checkPersonal(request);
  if (refusal !== undefined) return refusal;
  const { name, patient_id, age, sex, height, weight } = request;
  const values = { name, patient_id, age, sex, height, weight };
  return encodePayload({ version: COMMAND_LAYOUTS.B6.version, type: "PERSONAL", values });
}

/** Judges a patient's data. */
export function checkPersonal(request: PersonalRequest): Refusal | undefined {
  for (const key of ["name", "patient_id", "sex"] as const) {
    const bytes = textEncoder.encode(request[key]).length;
    if (bytes > PERSONAL_TEXT_BYTES[key]) {
      return refused(
        `Cannot encode patient: ${key} has ${bytes} bytes, must be <= ${PERSONAL_TEXT_BYTES[key]}`,
      );
    }
  }
  for (const key of ["age", "height", "weight"] as const) {
    const value = request[key];
    if (!(Number.isInteger(value) && value >= 0 && value <= U8_MAX)) {
      return refused(`Cannot encode patient: ${key} is ${value}, must be a whole number, 0 to 255`);
    }
  }
  return undefined;
}

function refused(reason: string): Refusal {
  return { type: "refused", reason };
}
