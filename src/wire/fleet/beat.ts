/**
 * A host's beat: a sign of life with the host's verdict and the number of its newest document.
 *
 * @module
 */

import {
  type ConditionCounts,
  CONDITIONS,
  VERDICT_WORDS,
  type VerdictWord,
} from "../../core/verdict.ts";
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

/** The longest beat in bytes. */
export const BEAT_BYTES_MAX = 512;

/** A sign of life of a host. */
export interface Beat {
  /** Number of the host's run, larger than that of every earlier run. */
  readonly epoch: number;
  /** Number of the beat within the epoch. A beat that is not newer than the last one is ignored. */
  readonly n: number;
  /** Number of the host's newest document within the epoch; 0 if there is none. */
  readonly seq: number;
  /** Age of that document in milliseconds. */
  readonly ageMs: number;
  readonly verdict: VerdictWord;
  /** How many members are in each condition. */
  readonly counts: ConditionCounts;
  /** Whether the host notifies people of lost hosts. */
  readonly tells: boolean;
}

/** Writes a beat. */
export function encodeBeat({ epoch, n, seq, ageMs, verdict, counts, tells }: Beat): Uint8Array {
  const filled = Object.entries(counts).filter(([, count]) => count > 0);
  return new TextEncoder().encode(JSON.stringify({
    v: FLEET_VERSION,
    epoch,
    n,
    seq,
    ageMs: Math.round(ageMs),
    verdict,
    counts: Object.fromEntries(filled),
    ...(tells ? { tells } : {}),
  }));
}

/** Reads a beat. */
export function decodeBeat(bytes: Uint8Array): Beat | FleetViolation {
  const fields = readFields(bytes, BEAT_BYTES_MAX);
  if (isFleetViolation(fields)) return fields;
  const { epoch, n, seq, ageMs, verdict } = fields as Fields;
  if (!isCount(epoch) || !isCount(n) || !isCount(seq) || !isCount(ageMs)) {
    return malformed("epoch, n, seq and ageMs are whole numbers");
  }
  if (!isOneOf(VERDICT_WORDS, verdict)) return malformed("unknown verdict");
  const counts = readCounts((fields as Fields).counts);
  if (counts === undefined) return malformed("counts of members");
  return { epoch, n, seq, ageMs, verdict, counts, tells: (fields as Fields).tells === true };
}

/** Reads how many members are in each condition; a condition that is not named has none. */
export function readCounts(value: unknown): ConditionCounts | undefined {
  if (!isFields(value)) return undefined;
  const counts = Object.fromEntries(CONDITIONS.map((condition) => {
    const count = Object.hasOwn(value, condition) ? value[condition] : 0;
    return [condition, isCount(count) ? count : NaN];
  })) as unknown as ConditionCounts;
  return Object.values(counts).some(Number.isNaN) ? undefined : counts;
}
