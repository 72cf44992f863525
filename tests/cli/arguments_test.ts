import { strict as assert } from "node:assert";
import { parseArguments } from "../../src/cli/arguments.ts";
import type { FlagTable } from "../../src/appliance/settings/flag.ts";

const TABLE = {
  port: { flag: "port", short: "p", argument: "PORT", help: "" },
  verbose: { flag: "verbose", short: "v", help: "" },
  console: { flag: "console", help: "" },
  item: { flag: "item", argument: "ITEM", many: true, help: "" },
} as const satisfies FlagTable;

interface Case {
  args: string[];
  values?: Record<string, unknown>;
  positionals?: string[];
  rest?: string[];
  problems?: string[];
}

const CASES: Record<string, Case> = {
  "nothing": { args: [] },
  "a value behind a blank": { args: ["--port", "1"], values: { port: "1" } },
  "a value behind an equals sign": { args: ["--port=1"], values: { port: "1" } },
  "an empty value": { args: ["--port="], values: { port: "" } },
  "a value with an equals sign": { args: ["--port=a=b"], values: { port: "a=b" } },
  "a short option with a value": { args: ["-p", "1"], values: { port: "1" } },
  "a short option with its value attached": { args: ["-p1"], values: { port: "1" } },
  "grouped short switches and a value": {
    args: ["-vp", "1"],
    values: { verbose: true, port: "1" },
  },
  "the last of two": { args: ["--port=1", "--port=2"], values: { port: "2" } },
  "every one of many": { args: ["--item=a", "--item", "b"], values: { item: ["a", "b"] } },
  "a switch turned off": { args: ["--no-console"], values: { console: false } },
  "a negative number as a value": { args: ["--port", "-5"], values: { port: "-5" } },
  "positionals between options": {
    args: ["a", "--verbose", "b"],
    values: { verbose: true },
    positionals: ["a", "b"],
  },
  "what follows the separator untouched": {
    args: ["a", "--", "b", "--port", "--nonsense", "--"],
    positionals: ["a"],
    rest: ["b", "--port", "--nonsense", "--"],
  },
  "nothing behind the separator": { args: ["--"], rest: [] },
  "a lone dash as a word": { args: ["-"], positionals: ["-"] },
  "a missing value at the end": {
    args: ["--port"],
    problems: ["Option --port needs a value: --port PORT"],
  },
  "a missing value before the separator": {
    args: ["--port", "--", "x"],
    rest: ["x"],
    problems: ["Option --port needs a value: --port PORT"],
  },
  "a missing value before another option": {
    args: ["--port", "--verbose"],
    problems: ['Option --port needs a value, but "--verbose" follows'],
  },
  "a switch with a value": {
    args: ["--verbose=yes"],
    problems: ['Option --verbose takes no value, not "yes"'],
  },
  "a typo": { args: ["--prot=1"], problems: ["Unknown option --prot: did you mean --port?"] },
  "a typo in a switch turned off": {
    args: ["--no-consle"],
    problems: ["Unknown option --no-consle: did you mean --no-console?"],
  },
  "an option that takes a value cannot be turned off": {
    args: ["--no-port"],
    problems: ["Unknown option --no-port: did you mean --port?"],
  },
  "an unknown short option": { args: ["-x"], problems: ["Unknown option -x"] },
  "all problems at once": {
    args: ["--nonsense", "-x", "--port"],
    problems: [
      "Unknown option --nonsense",
      "Unknown option -x",
      "Option --port needs a value: --port PORT",
    ],
  },
  "names of JavaScript's own": {
    args: ["--__proto__", "--constructor=1"],
    problems: ["Unknown option --__proto__", "Unknown option --constructor"],
  },
};

for (const [name, { args, values, positionals, rest, problems }] of Object.entries(CASES)) {
  Deno.test(`parseArguments reads ${name}`, () => {
    const parsed = parseArguments(TABLE, args);
    assert.deepEqual({ ...parsed.values }, values ?? {});
    assert.deepEqual(parsed.positionals, positionals ?? []);
    assert.deepEqual(parsed.rest, rest);
    assert.deepEqual(parsed.problems, problems ?? []);
  });
}
