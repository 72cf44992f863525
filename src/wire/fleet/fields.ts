/**
 * Reading the JSON of a fleet's messages: bounded, and strict where it matters.
 *
 * Each message is one JSON object with the version `v`. Unknown fields are ignored, so that a newer
 * Pulsebox may add some; a change to the meaning of a message raises `v`.
 *
 * @module
 */

/** The version of all messages. */
export const FLEET_VERSION = 1;

/** Why a message cannot be used. */
export type FleetProblem = "too large" | "not JSON" | "newer version" | "malformed";

/** A message that cannot be used. A class, because a message may hold any field. */
export class FleetViolation {
  readonly #problem: FleetProblem;
  /** The details, worded as one clause of a log line. */
  readonly detail: string;

  constructor(problem: FleetProblem, detail: string) {
    this.#problem = problem;
    this.detail = detail;
  }

  /** What is wrong. */
  get problem(): FleetProblem {
    return this.#problem;
  }
}

/** Whether a decoder refused a message. */
export function isFleetViolation(value: object): value is FleetViolation {
  return value instanceof FleetViolation;
}

/** A JSON object whose fields have not been checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads one object of a known version. */
export function readFields(bytes: Uint8Array, bytesMax: number): Fields | FleetViolation {
  if (bytes.length > bytesMax) {
    return new FleetViolation("too large", `${bytes.length} bytes, at most ${bytesMax}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return new FleetViolation("not JSON", `${bytes.length} bytes`);
  }
  if (!isFields(value)) return malformed("no object");
  const { v } = value;
  if (!isCount(v)) return malformed("no version");
  if (v > FLEET_VERSION) {
    return new FleetViolation(
      "newer version",
      `version ${v}, this Pulsebox knows ${FLEET_VERSION}`,
    );
  }
  return value;
}

/** Refuses a message because of a missing or wrong field. */
export function malformed(detail: string): FleetViolation {
  return new FleetViolation("malformed", detail);
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a whole number, at least 0, that a double holds exactly; -0 is none. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 &&
    !Object.is(value, -0);
}

/** Whether a value is a string of at most the given number of UTF-16 code units. */
export function isText(value: unknown, lengthMax: number): value is string {
  return typeof value === "string" && value.length <= lengthMax;
}

/** Whether a value is one of some words. */
export function isOneOf<T extends string>(words: readonly T[], value: unknown): value is T {
  return (words as readonly unknown[]).includes(value);
}
