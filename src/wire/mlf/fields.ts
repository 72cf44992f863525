/**
 * Fields of the JSON that game clients and operators send.
 *
 * @module
 */

/** One problem of a body, in the form of FastAPI (status 422). */
export interface MlfProblem {
  /** The path to the field, from the outside in; begins with `body`. */
  readonly loc: readonly string[];
  /** The problem in one sentence. */
  readonly msg: string;
}

/** A JSON object by its keys. */
export type MlfObject = Readonly<Record<string, unknown>>;

const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Reads a body that must be a JSON object in UTF-8. */
export function readObject(body: Uint8Array): MlfObject | MlfProblem {
  try {
    const value: unknown = JSON.parse(DECODER.decode(body));
    if (isObject(value)) return value;
  } catch {
    return { loc: ["body"], msg: "Cannot read body: it is not JSON in UTF-8" };
  }
  return { loc: ["body"], msg: "Cannot read body: it is not a JSON object" };
}

/** Whether the result of a reader is a problem. */
export function isProblem(value: object): value is MlfProblem {
  return "loc" in value && "msg" in value && Array.isArray(value.loc);
}

/** Whether a JSON value is an object with keys. */
export function isObject(value: unknown): value is MlfObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The value of a key. If there is no such key, one that differs only in its case counts: an early
 * client wrote `ClientID`.
 */
export function fieldOf(object: MlfObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const lower = name.toLowerCase();
  const key = Object.keys(object).find((each) => each.toLowerCase() === lower);
  return key === undefined ? undefined : object[key];
}

/** A problem: a field is missing or wrong. */
export function wrongField(loc: readonly string[], value: unknown, must: string): MlfProblem {
  const path = loc.slice(1).join(".");
  const found = value === undefined ? "it is missing" : `it ${must}`;
  return { loc, msg: `Cannot read ${path}: ${found}` };
}
