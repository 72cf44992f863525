/**
 * The type of settings that choose the silence after which a program is lost.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { LOST_AFTER_MS_MAX, type LostAfter, parseMultiple } from "../../core/lost_after.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { textType, type ValueType } from "./value_types.ts";

/** The shortest silence that can be chosen, in milliseconds: what every promise is longer than. */
const LOST_AFTER_MS_MIN = SECOND_MS;

/** What a message says of the expected form. */
export const LOST_AFTER_FORM = "a multiple such as 2x (1x to 1000x) or a duration " +
  `such as 20s (${formatDuration(LOST_AFTER_MS_MIN)} to ${formatDuration(LOST_AFTER_MS_MAX)})`;

/** When all programs are lost, or one of them. */
export interface LostAfterItem {
  /** A name, or `NAME @ ADDRESS` or `NAME @ STATION`; all that none other names if not given. */
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

/** `2x`, `20s`, or the same behind `NAME=`. */
export const lostAfterType: ValueType<LostAfterItem> = textType(
  `must be ${LOST_AFTER_FORM}, or NAME= and one of them`,
  (text) => {
    const cut = text.lastIndexOf("=");
    const program = cut < 0 ? undefined : text.slice(0, cut).trim();
    const lostAfter = readLostAfter(text.slice(cut + 1).trim());
    return lostAfter === undefined || program === "" ? undefined : { program, lostAfter };
  },
);
