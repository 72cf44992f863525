/**
 * Which numbers an option may have.
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
  : [T] extends [object] ? (keyof OptionRanges<T> extends never ? never : OptionRanges<T>)
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

/** A table of ranges by the names of options; {@linkcode checkOptions} holds it against the options. */
export type Ranges<Names extends string> = Readonly<Record<Names, NumberRange>>;

/** A TCP or UDP port. */
export const PORT_RANGE: NumberRange = { min: 0, max: 65_535 };
/** Any time from 0 to `Infinity`. */
export const DURATION_RANGE: NumberRange = { min: 0 };

/**
 * Checks the numbers of options; those that are not given are right.
 *
 * @param subject What cannot be made, for the message: `trigger client`.
 * @param options The options as they came.
 * @param ranges What they may be.
 * @throws {RangeError} at the first that is out of its range or not a number.
 */
export function checkOptions<T extends object>(
  subject: string,
  options: T,
  ranges: OptionRanges<T>,
): void {
  checkEach(subject, options, ranges as RangeTable);
}

interface RangeTable {
  readonly [name: string]: NumberRange | RangeTable;
}

function checkEach(subject: string, options: object, ranges: RangeTable): void {
  for (const [name, range] of Object.entries(ranges)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || value === null) continue;
    if (typeof value === "object") {
      checkEach(subject, value, range as RangeTable);
      continue;
    }
    const { min = 0, max = Infinity } = range as NumberRange;
    if (typeof value === "number" && value >= min && value <= max) continue;
    const wanted = max === Infinity ? `>= ${min}` : `${min} to ${max}`;
    throw new RangeError(`Cannot make ${subject}: ${name} is ${value}, must be ${wanted}`);
  }
}
