/**
 * A record of what people were told about a host's outage; the subject names the host.
 *
 * @module
 */

import { TOLD_KINDS, TOLD_PHASES, type ToldRecord } from "../../core/told_log.ts";
import {
  type Fields,
  FLEET_VERSION,
  type FleetViolation,
  isCount,
  isFields,
  isFleetViolation,
  isOneOf,
  malformed,
  readFields,
} from "./fields.ts";
import { isFleetToken } from "./subjects.ts";

/** The longest record in bytes. */
export const TOLD_BYTES_MAX = 512;

const ID = /^[A-Za-z0-9-]{1,64}$/;

/** Writes a record. */
export function encodeTold({ kind, id, steward, phase, beat, claim }: ToldRecord): Uint8Array {
  const { epoch, n } = beat;
  return new TextEncoder().encode(
    JSON.stringify({ v: FLEET_VERSION, kind, id, steward, phase, beat: { epoch, n }, claim }),
  );
}

/** Reads a record. */
export function decodeTold(bytes: Uint8Array): ToldRecord | FleetViolation {
  const fields = readFields(bytes, TOLD_BYTES_MAX);
  if (isFleetViolation(fields)) return fields;
  const { kind, id, steward, phase, beat, claim } = fields as Fields;
  if (!isOneOf(TOLD_KINDS, kind)) return malformed("unknown kind of record");
  if (!isOneOf(TOLD_PHASES, phase)) return malformed("unknown phase of an outage");
  if (typeof id !== "string" || !ID.test(id)) return malformed("id of an outage");
  if (typeof steward !== "string" || !isFleetToken(steward)) return malformed("name of a steward");
  if (!isFields(beat)) return malformed("beat of a record");
  const { epoch, n } = beat;
  if (!isCount(epoch) || !isCount(n) || !isCount(claim)) {
    return malformed("epoch, n and claim are whole numbers");
  }
  return { kind, id, steward, phase, beat: { epoch, n }, claim };
}
