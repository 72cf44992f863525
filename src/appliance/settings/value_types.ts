/**
 * The types of settings: schemas that accept a flag's text as well as a JSON value.
 *
 * Each has one message that says what the value must be, so that an error reads
 * `--heartbeat-port is "x": must be a port number, 0 to 65535`.
 *
 * @module
 */

import * as z from "zod/mini";
import { readSwitch } from "./switch_words.ts";
import { parseHost } from "../../wire/url/place.ts";
import { DURATION_FORM, formatDuration, parseDuration } from "./duration.ts";

/** Checks and converts the value of a setting. */
export type ValueType<T> = z.ZodMiniType<T, unknown>;

/**
 * Makes a type from its parser.
 *
 * @param message What the value must be.
 * @param read Returns the setting's value; `undefined` for wrong input.
 */
export function typeOf<T>(message: string, read: (input: unknown) => T | undefined): ValueType<T> {
  return z.pipe(
    z.unknown(),
    z.transform((input, context) => {
      const value = read(input);
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message, input });
      return z.NEVER;
    }),
  );
}

/** Makes a type with text values from its parser. */
export function textType<T>(message: string, read: (text: string) => T | undefined): ValueType<T> {
  return typeOf(message, (input) => typeof input === "string" ? read(input) : undefined);
}

/** A text that is not empty and has at most a given number of characters. */
export function boundedTextType(form: string, lengthMax: number): ValueType<string> {
  return z.pipe(
    z.unknown(),
    z.string(form).check(
      z.minLength(1, form),
      z.maxLength(lengthMax, `${form} of at most ${lengthMax} characters`),
    ),
  );
}

/** A switch: true or false, or the words that environments use for them. */
export const switchType: ValueType<boolean> = typeOf("must be true or false", (input) => {
  if (typeof input === "boolean") return input;
  return typeof input === "string" ? readSwitch(input) : undefined;
});

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
  const bounds = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return textType(`must be ${DURATION_FORM}, ${bounds}`, (text) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
  });
}

/** The name or address of a host to listen on; the value has no brackets. */
export const hostType: ValueType<string> = textType(
  "must be a host name or an address, without a port",
  parseHost,
);

/** The path of a file or directory. */
export const pathType: ValueType<string> = boundedTextType("must be a path", 4_096);

/** One of some words, in any case. */
export function choiceType<const T extends string>(
  choices: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): ValueType<T> {
  return textType(`must be one of ${choices.join(", ")}`, (text) => {
    const word = text.toLowerCase();
    return Object.hasOwn(aliases, word) ? aliases[word] : choices.find((choice) => choice === word);
  });
}

/** A list; its flag is given once per item, and a text contains it as in `list_text.ts`. */
export function listType<T>(item: ValueType<T>, itemsMax: number): ValueType<readonly T[]> {
  return z.pipe(
    z.unknown(),
    z.array(item, 'must be a list: a,b or a JSON array of texts such as ["a,b", "c"]')
      .check(z.maxLength(itemsMax, `must have at most ${itemsMax} entries`)),
  );
}

function wholeNumber(min: number, max: number, message: string): ValueType<number> {
  return typeOf(message, (input) => {
    const number = fromDigits(input);
    const isWhole = typeof number === "number" && Number.isInteger(number);
    return isWhole && number >= min && number <= max ? number : undefined;
  });
}

/** Parses a decimal number; refuses forms that only JavaScript accepts (`0x10`, ` `). */
function fromDigits(input: unknown): unknown {
  return typeof input === "string" && /^\d{1,15}$/.test(input) ? Number(input) : input;
}
