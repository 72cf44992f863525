/**
 * The types of settings: schemas that take a flag's text and a JSON value alike.
 *
 * Each says in its one message what the value must be, so that an error reads
 * `--heartbeat-port is "x": must be a port number, 0 to 65535`.
 *
 * @module
 */

import * as v from "valibot";
import { parseHost } from "../wire/url/place.ts";
import { DURATION_FORM, formatDuration, parseDuration } from "./duration.ts";

/** Checks and converts the value of a setting. */
export type ValueType<T> = v.GenericSchema<unknown, T>;

const TRUE_WORDS: ReadonlySet<string> = new Set(["true", "1", "yes", "on"]);
const FALSE_WORDS: ReadonlySet<string> = new Set(["false", "0", "no", "off"]);

/** A switch: true or false, or the words that environments use for them. */
export const switchType: ValueType<boolean> = v.pipe(
  v.unknown(),
  v.transform((input) => {
    const word = typeof input === "string" ? input.toLowerCase() : input;
    if (typeof word !== "string") return word;
    return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : word;
  }),
  v.boolean("must be true or false"),
);

/** A whole number within bounds. */
export function countType(min: number, max: number): ValueType<number> {
  return wholeNumber(min, max, `must be a whole number, ${min} to ${max}`);
}

/** A TCP or UDP port; 0 lets the system choose one. */
export const portType: ValueType<number> = wholeNumber(
  0,
  65_535,
  "must be a port number, 0 to 65535",
);

/** A duration with its unit; the value is in milliseconds. */
export function durationType(minMs: number, maxMs: number): ValueType<number> {
  const message = `must be ${DURATION_FORM}, from ${formatDuration(minMs)} to ${
    formatDuration(maxMs)
  }`;
  return v.pipe(
    v.unknown(),
    v.transform((input) => typeof input === "string" ? parseDuration(input) : undefined),
    v.number(message),
    v.minValue(minMs, message),
    v.maxValue(maxMs, message),
  );
}

const HOST_FORM = "must be a host name or an address, without a port";

/** The name or address of a host to listen on; the value has no brackets. */
export const hostType: ValueType<string> = v.pipe(
  v.unknown(),
  v.string(HOST_FORM),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const host = parseHost(dataset.value);
    if (host !== undefined) return host;
    addIssue({ message: HOST_FORM });
    return NEVER;
  }),
);

/** The path of a file or directory. */
export const pathType: ValueType<string> = v.pipe(
  v.unknown(),
  v.string("must be a path"),
  v.minLength(1, "must be a path"),
  v.maxLength(4_096, "must be a path of at most 4096 characters"),
);

/** One of some words, in any case. */
export function choiceType<const T extends string>(
  choices: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): ValueType<T> {
  return v.pipe(
    v.unknown(),
    v.transform((input) => {
      if (typeof input !== "string") return input;
      const word = input.toLowerCase();
      return Object.hasOwn(aliases, word) ? aliases[word] : word;
    }),
    v.picklist(choices, `must be one of ${choices.join(", ")}`),
  );
}

/** A list; its flag is given once for each item, a text holds it as in `list_text.ts`. */
export function listType<T>(item: ValueType<T>, itemsMax: number): ValueType<readonly T[]> {
  return v.pipe(
    v.unknown(),
    v.array(item, 'must be a list: a,b or a JSON array of texts such as ["a,b", "c"]'),
    v.maxLength(itemsMax, `must have at most ${itemsMax} entries`),
  );
}

function wholeNumber(min: number, max: number, message: string): ValueType<number> {
  return v.pipe(
    v.unknown(),
    v.transform(fromDigits),
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

/** A number from its digits, and nothing from what only JavaScript takes for a number (`0x10`, ` `). */
function fromDigits(input: unknown): unknown {
  return typeof input === "string" && /^\d{1,15}$/.test(input) ? Number(input) : input;
}
