/**
 * The type of settings that choose the silence after which a program is lost.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { LOST_AFTER_MS_MAX, type LostAfter, parseMultiple } from "../../core/lost_after.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { textType, type ValueType } from "./value_types.ts";

/** The shortest silence that can be chosen, in milliseconds: shorter than every promise. */
const LOST_AFTER_MS_MIN = SECOND_MS;

/** The expected form, for messages. */
export const LOST_AFTER_FORM = "a multiple such as 2x (1x to 1000x) or a duration " +
  `such as 20s (${formatDuration(LOST_AFTER_MS_MIN)} to ${formatDuration(LOST_AFTER_MS_MAX)})`;

/** The silence for all programs, or for one. */
export interface LostAfterItem {
  /** A name, `NAME @ ADDRESS` or `NAME @ STATION`; all programs without an entry if not given. */
  readonly program: string | undefined;
  readonly lostAfter: LostAfter;
}

/** Reads `2x` or a duration; `undefined` if the text is neither. */
export function readLostAfter(text: string): LostAfter | undefined {
  const multiple = parseMultiple(text);
  if (multiple !== undefined) return multiple;
  const value = Math.ceil(parseDuration(text) ?? NaN);
  return value >= LOST_AFTER_MS_MIN && value <= LOST_AFTER_MS_MAX
    ? { unit: "ms", value }
    : undefined;
}

/** `2x` or `20s`, alone or after `NAME=`. */
export const lostAfterType: ValueType<LostAfterItem> = textType(
  `must be ${LOST_AFTER_FORM}, or NAME= and one of them`,
  (text) => {
    const cut = text.lastIndexOf("=");
    const program = cut < 0 ? undefined : text.slice(0, cut).trim();
    const lostAfter = readLostAfter(text.slice(cut + 1).trim());
    return lostAfter === undefined || program === "" ? undefined : { program, lostAfter };
  },
);
