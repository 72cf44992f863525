/**
 * Which options there are, and which numbers they may have.
 *
 * @module
 */

/** The numbers that an option may have. */
export interface NumberRange {
  /** The least; 0 if not given. */
  readonly min?: number;
  /** The greatest; `Infinity`, which is taken too, if not given. */
  readonly max?: number;
}

type Opaque =
  | string
  | boolean
  | AbortSignal
  | Uint8Array
  | readonly unknown[]
  | ((...args: never[]) => unknown);

type PartOf<T> = [T] extends [number] ? NumberRange
  : [T] extends [Opaque] ? never
  : [T] extends [object] ? (keyof OptionRanges<T> extends never ? never : OptionChecks<T>)
  : never;

/**
 * A range for each number of some options, also for those inside of other options. The compiler refuses
 * a table that lacks one: an option that is new cannot be forgotten.
 */
export type OptionRanges<T> = {
  readonly [
    K in keyof T as [PartOf<NonNullable<T[K]>>] extends [never] ? never : K
  ]-?: PartOf<NonNullable<T[K]>>;
};

/** Stands in a table for an option that is no number. */
export type AnyValue = "any";

/**
 * What each option may be. The compiler refuses a table that lacks one: an option that is new cannot be
 * forgotten, and whatever the table does not have is no option.
 */
export type OptionChecks<T> = {
  readonly [K in keyof T]-?: [PartOf<NonNullable<T[K]>>] extends [never] ? AnyValue
    : PartOf<NonNullable<T[K]>>;
};

/** A table of checks: the names of numbers, and those of all other options. */
export type Checks<Numbers extends string, Others extends string> =
  & Ranges<Numbers>
  & Readonly<Record<Others, AnyValue>>;

/** A table of ranges by the names of options; {@linkcode checkOptions} holds it against the options. */
export type Ranges<Names extends string> = Readonly<Record<Names, NumberRange>>;

/** A TCP or UDP port. */
export const PORT_RANGE: NumberRange = { min: 0, max: 65_535 };
/** Any time from 0 to `Infinity`. */
export const DURATION_RANGE: NumberRange = { min: 0 };

/**
 * Checks options: no other names than those of the table, and numbers in their ranges.
 *
 * @param subject What cannot be made, for the message: `trigger client`.
 * @param options The options as they came.
 * @param table What they may be.
 * @throws {TypeError} at the first that is no option.
 * @throws {RangeError} at the first that is out of its range or not a number.
 */
export function checkOptions<T extends object>(
  subject: string,
  options: T,
  table: OptionChecks<T>,
): void {
  checkNames(subject, options, table as CheckTable);
  checkEach(subject, options, table as CheckTable);
}

/**
 * Checks the numbers of options; those that are not given are right, and other options are not looked at.
 *
 * @throws {RangeError} at the first that is out of its range or not a number.
 */
export function checkRanges<T extends object>(
  subject: string,
  options: T,
  ranges: OptionRanges<T>,
): void {
  checkEach(subject, options, ranges as CheckTable);
}

interface CheckTable {
  readonly [name: string]: NumberRange | AnyValue | CheckTable;
}

/** An option that nobody knows would be ignored without a word: a misspelt one, or one level too high. */
function checkNames(subject: string, options: object, table: CheckTable, path = ""): void {
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(table, name) ? table[name] : undefined;
    if (check === undefined) {
      const outer = Object.keys(table).find((each) => Object.hasOwn(Object(table[each]), name));
      const hint = outer === undefined ? "" : `, it belongs into ${path}${outer}`;
      throw new TypeError(`Cannot make ${subject}: ${path}${name} is no option${hint}`);
    }
    const isNested = check !== "any" && typeof value === "object" && value !== null;
    if (isNested) checkNames(subject, value, check as CheckTable, `${path}${name}.`);
  }
}

function checkEach(subject: string, options: object, table: CheckTable): void {
  for (const [name, check] of Object.entries(table)) {
    const value: unknown = Reflect.get(options, name);
    if (check === "any" || value === undefined || value === null) continue;
    if (typeof value === "object") {
      checkEach(subject, value, check as CheckTable);
      continue;
    }
    const { min = 0, max = Infinity } = check as NumberRange;
    if (typeof value === "number" && value >= min && value <= max) continue;
    const wanted = max === Infinity ? `>= ${min}` : `${min} to ${max}`;
    throw new RangeError(`Cannot make ${subject}: ${name} is ${value}, must be ${wanted}`);
  }
}
