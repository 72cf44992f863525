/**
 * Splits a command line into options with their values and other words.
 *
 * The runtime could do it (`parseArgs` of `node:util`), but compiles 40 files of its own for that: a
 * command such as `version` would start 14 to 25 ms later, and a host would take 0.6 MB more.
 *
 * @module
 */

import type { Flag } from "../appliance/settings/flag.ts";

/** A word that is neither an option nor the value of one. */
export interface WordToken {
  readonly kind: "word";
  readonly text: string;
}

/** An option, whether or not the table has it. */
export interface OptionToken {
  readonly kind: "option";
  /** Its long name; that of an unknown short option is its letter. */
  readonly name: string;
  /** As it was written, with its dashes and without a value. */
  readonly rawName: string;
  /** `undefined` if it has none: it takes none, or it is the last word. */
  readonly value: string | undefined;
  /** Whether the value is in the same word, as in `--flag=value` and `-fvalue`. */
  readonly isInline: boolean;
}

/** A part of a command line. */
export type Token = WordToken | OptionToken;

/**
 * Splits the words of a command line that precede `--`.
 *
 * An option that takes a value gets the next word, even one that begins with a dash. A lone dash and
 * an empty word are words like any other.
 *
 * @param flags The known options; a word such as `-abc` can only be read with them.
 */
export function* tokensOf(words: readonly string[], flags: readonly Flag[]): Generator<Token> {
  const remaining = words.values();
  for (const word of remaining) {
    if (word.length < 2 || !word.startsWith("-")) {
      yield { kind: "word", text: word };
      continue;
    }
    for (const option of word.startsWith("--") ? [longOption(word)] : shortOptions(word, flags)) {
      const takesNext = option.value === undefined && takesValue(option.name, flags);
      yield takesNext ? { ...option, value: remaining.next().value } : option;
    }
  }
}

function takesValue(name: string, flags: readonly Flag[]): boolean {
  return flags.some(({ flag, argument }) => flag === name && argument !== undefined);
}

/** `--flag` or `--flag=value`; a name has at least one character. */
function longOption(word: string): OptionToken {
  const equals = word.indexOf("=", "--".length + 1);
  const rawName = equals < 0 ? word : word.slice(0, equals);
  return {
    kind: "option",
    name: rawName.slice("--".length),
    rawName,
    value: equals < 0 ? undefined : word.slice(equals + 1),
    isInline: equals >= 0,
  };
}

/** Switches up to the first option that takes a value, which has the rest of the word for it. */
function* shortOptions(word: string, flags: readonly Flag[]): Generator<OptionToken> {
  let rest = word.slice("-".length);
  for (const letter of rest) {
    rest = rest.slice(letter.length);
    const name = flags.find(({ short }) => short === letter)?.flag ?? letter;
    const option = { kind: "option", name, rawName: `-${letter}` } as const;
    if (rest !== "" && takesValue(name, flags)) {
      yield { ...option, value: rest, isInline: true };
      return;
    }
    yield { ...option, value: undefined, isInline: false };
  }
}
