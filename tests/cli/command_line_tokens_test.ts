/** The tokens of a command line are those that the runtime's parser finds. */

import { strict as assert } from "node:assert";
import { parseArgs } from "node:util";
import type { Flag } from "../../src/appliance/settings/flag.ts";
import { type Token, tokensOf } from "../../src/cli/command_line_tokens.ts";
import { fc } from "../packages/fast_check.ts";

const LETTERS = ["a", "b", "c", "é", "5"] as const;
const NAMES = ["a", "name", "no-name", "name-2", "__proto__", "constructor"] as const;

/** Tables of up to six options, some of which take a value and some of which have an abbreviation. */
const TABLES = fc.record({
  shorts: fc.shuffledSubarray([...LETTERS, ...NAMES.map(() => undefined)], { minLength: 6 }),
  flags: fc.uniqueArray(fc.record({ flag: fc.constantFrom(...NAMES), isSwitch: fc.boolean() }), {
    selector: ({ flag }) => flag,
  }),
}).map(({ shorts, flags }) =>
  flags.map(({ flag, isSwitch }, index): Flag => ({
    flag,
    help: "",
    ...(isSwitch ? {} : { argument: "VALUE" }),
    ...(shorts[index] === undefined ? {} : { short: shorts[index] }),
  }))
);

const PLAIN_WORDS = fc.oneof(
  fc.constantFrom("", "-", "-5", "-.5", "word", "=", "a=b"),
  fc.string({ maxLength: 4, unit: "binary" }),
);
const LONG_OPTIONS = fc.tuple(
  fc.oneof(fc.constantFrom(...NAMES, "no-a", "n", "-", "--name"), fc.string({ minLength: 1 })),
  fc.oneof(fc.constant(""), PLAIN_WORDS.map((value) => `=${value}`)),
).map(([name, value]) => `--${name}${value}`);
const SHORT_OPTIONS = fc.array(fc.constantFrom(...LETTERS, "x", "=", "-", " "), { minLength: 1 })
  .map((letters) => `-${letters.join("")}`);
const WORDS = fc.array(fc.oneof(PLAIN_WORDS, LONG_OPTIONS, SHORT_OPTIONS), { maxLength: 8 })
  .filter((words) => words.every((word) => word !== "--" && !isReadBetter(word)));

/**
 * Where we differ on purpose: the runtime takes `--=a=b` for an option without a name, a dash in
 * `-a-b` for the end of all options, and half of an emoji for a letter.
 */
function isReadBetter(word: string): boolean {
  return /^--=.*=/s.test(word) || /^-[^-].*-/s.test(word) || /^-.*[\ud800-\udfff]/s.test(word);
}

Deno.test("tokensOf finds what the runtime's parser finds", () => {
  fc.assert(
    fc.property(TABLES, WORDS, (flags, words) => {
      assert.deepEqual([...tokensOf(words, flags)], runtimesTokens(words, flags));
    }),
    { numRuns: 3_000 },
  );
});

const BETTER: Record<string, { words: string[]; tokens: Token[] }> = {
  "a long option whose name begins with an equals sign": {
    words: ["--=a=b"],
    tokens: [{ kind: "option", name: "=a", rawName: "--=a", value: "b", isInline: true }],
  },
  "a dash among short options as one of them": {
    words: ["-x-", "word"],
    tokens: [
      { kind: "option", name: "x", rawName: "-x", value: undefined, isInline: false },
      { kind: "option", name: "-", rawName: "--", value: undefined, isInline: false },
      { kind: "word", text: "word" },
    ],
  },
  "an emoji as one letter": {
    words: ["-💓"],
    tokens: [{ kind: "option", name: "💓", rawName: "-💓", value: undefined, isInline: false }],
  },
};

for (const [name, { words, tokens }] of Object.entries(BETTER)) {
  Deno.test(`tokensOf reads ${name}`, () => {
    assert.deepEqual([...tokensOf(words, [])], tokens);
  });
}

function runtimesTokens(words: readonly string[], flags: readonly Flag[]): Token[] {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(flags.map(({ flag, argument, short }) => [flag, {
      type: argument === undefined ? "boolean" : "string",
      ...(short === undefined ? {} : { short }),
    }])),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  return tokens.flatMap((token): Token[] => {
    if (token.kind === "positional") return [{ kind: "word", text: token.value }];
    if (token.kind !== "option") return [];
    const { name, rawName, value, inlineValue } = token;
    return [{ kind: "option", name, rawName, value, isInline: inlineValue ?? false }];
  });
}
