/**
 * The types of settings: zod schemas that take a flag's text and a JSON value alike.
 *
 * Each says in its one message what the value must be, so that an error reads
 * `--heartbeat-port is "x": must be a port number, 0 to 65535`.
 *
 * @module
 */

import { z } from "zod";
import { DURATION_FORM, formatDuration, parseDuration } from "./duration.ts";

const TRUE_WORDS: ReadonlySet<string> = new Set(["true", "1", "yes", "on"]);
const FALSE_WORDS: ReadonlySet<string> = new Set(["false", "0", "no", "off"]);

/** A switch: true or false, or the words that environments use for them. */
export const switchType: z.ZodType<boolean> = z.preprocess(
  (input) => {
    const word = typeof input === "string" ? input.toLowerCase() : input;
    if (typeof word !== "string") return word;
    return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : word;
  },
  z.boolean({ error: "must be true or false" }),
);

/** A whole number within bounds. */
export function countType(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number, ${min} to ${max}`;
  return z.preprocess(fromDigits, z.int({ error }).min(min, error).max(max, error));
}

/** A TCP or UDP port; 0 lets the system choose one. */
export const portType: z.ZodType<number> = (() => {
  const error = "must be a port number, 0 to 65535";
  return z.preprocess(fromDigits, z.int({ error }).min(0, error).max(65_535, error));
})();

/** A duration with its unit; the value is in milliseconds. */
export function durationType(minMs: number, maxMs: number): z.ZodType<number> {
  const error = `must be ${DURATION_FORM}, from ${formatDuration(minMs)} to ${
    formatDuration(maxMs)
  }`;
  return z.preprocess(
    (input) => typeof input === "string" ? parseDuration(input) : undefined,
    z.number({ error }).min(minMs, error).max(maxMs, error),
  );
}

const addressType = z.union([z.ipv4(), z.ipv6()]);

/** Whether a text is an IPv4 or IPv6 address. `node:net` knows too, at the price of 7 MB of memory. */
export function isAddress(text: string): boolean {
  return addressType.safeParse(text).success;
}

/** The name or address of a host to listen on. */
export const hostType: z.ZodType<string> = (() => {
  const error = "must be a host name or an address, without a port";
  return z.string({ error })
    .transform((text) => text.replace(/^\[(.*)\]$/, "$1"))
    .refine((text) => isAddress(text) || /^[A-Za-z0-9._-]{1,253}$/.test(text), { error });
})();

/** The path of a file or directory. */
export const pathType: z.ZodType<string> = z.string({ error: "must be a path" })
  .min(1, "must be a path").max(4_096, "must be a path of at most 4096 characters");

/** One of some words, in any case. */
export function choiceType<const T extends string>(
  choices: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): z.ZodType<T> {
  return z.preprocess(
    (input) => {
      if (typeof input !== "string") return input;
      const word = input.toLowerCase();
      return Object.hasOwn(aliases, word) ? aliases[word] : word;
    },
    z.enum(choices, { error: `must be one of ${choices.join(", ")}` }),
  );
}

/** A list; its flag is given once for each item, an environment variable separates them by commas. */
export function listType<T>(item: z.ZodType<T>, itemsMax: number): z.ZodType<readonly T[]> {
  return z.array(item, { error: "must be a list" })
    .max(itemsMax, `must have at most ${itemsMax} entries`);
}

/** A number from its digits, and nothing from what only JavaScript takes for a number (`0x10`, ` `). */
function fromDigits(input: unknown): unknown {
  return typeof input === "string" && /^\d{1,15}$/.test(input) ? Number(input) : input;
}
