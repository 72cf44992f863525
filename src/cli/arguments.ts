/**
 * Parses a command line with a table of options.
 *
 * @module
 */

import type { Flag, FlagTable, FlagValues } from "../appliance/settings/flag.ts";
import { type OptionToken, tokensOf } from "./command_line_tokens.ts";
import { didYouMean } from "./suggest.ts";

/** What a command line says. */
export interface ParsedArguments<T extends FlagTable> {
  readonly values: FlagValues<T>;
  /** Words that are neither options nor values of options. */
  readonly positionals: readonly string[];
  /** All words after `--`, unchanged; `undefined` if there was no `--`. */
  readonly rest: readonly string[] | undefined;
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[];
}

/**
 * Parses a command line. Never throws: all mistakes are listed in `problems`.
 *
 * Accepts `--flag value`, `--flag=value`, `-f value`, `-fvalue`, grouped short switches, and
 * `--no-flag` for switches. If an option is given twice, the last value counts, unless the option
 * may be repeated.
 */
export function parseArguments<T extends FlagTable>(
  table: T,
  args: readonly string[],
): ParsedArguments<T> {
  const separator = args.indexOf("--");
  const own = separator < 0 ? args : args.slice(0, separator);
  const byFlag = new Map(Object.entries(table).map(([key, flag]) => [flag.flag, { key, flag }]));
  const values: Record<string, boolean | string | readonly string[]> = {};
  const positionals: string[] = [];
  const problems: string[] = [];
  for (const token of tokensOf(own, Object.values(table))) {
    if (token.kind === "word") {
      positionals.push(token.text);
    } else {
      const known = byFlag.get(token.name);
      const negated = known === undefined ? negatedSwitch(byFlag, token.rawName) : undefined;
      if (known !== undefined) {
        const problem = problemOf(known.flag, token);
        if (problem === undefined) store(values, known.key, known.flag, token.value);
        else problems.push(problem);
      } else if (negated !== undefined && token.value === undefined) {
        values[negated.key] = false;
      } else {
        problems.push(unknownOption(token.rawName, byFlag));
      }
    }
  }
  return {
    // The keys come from the table, and `store` respects each flag's kind of value.
    values: values as FlagValues<T>,
    positionals,
    rest: separator < 0 ? undefined : args.slice(separator + 1),
    problems,
  };
}

type FlagsByName = ReadonlyMap<string, { key: string; flag: Flag }>;

function store(
  values: Record<string, boolean | string | readonly string[]>,
  key: string,
  flag: Flag,
  value: string | undefined,
): void {
  if (flag.argument === undefined) {
    values[key] = true;
  } else if (flag.many === undefined) {
    values[key] = value ?? "";
  } else {
    const before = values[key];
    values[key] = [...(Array.isArray(before) ? before : []), value ?? ""];
  }
}

function problemOf(
  flag: Flag,
  { rawName, value, isInline }: OptionToken,
): string | undefined {
  if (flag.argument === undefined) {
    return value === undefined ? undefined : `Option ${rawName} takes no value, not "${value}"`;
  }
  if (value === undefined) return `Option ${rawName} needs a value: ${rawName} ${flag.argument}`;
  // The word is the next option, not a value, unless it is a negative number.
  if (!isInline && /^-[^\d]/.test(value)) {
    return `Option ${rawName} needs a value, but "${value}" follows`;
  }
  return undefined;
}

function negatedSwitch(flags: FlagsByName, rawName: string): { key: string } | undefined {
  if (!rawName.startsWith("--no-")) return undefined;
  const found = flags.get(rawName.slice("--no-".length));
  return found?.flag.argument === undefined ? found : undefined;
}

function unknownOption(rawName: string, flags: FlagsByName): string {
  if (!rawName.startsWith("--")) return `Unknown option ${rawName}`;
  const candidates = [...flags].flatMap(([name, { flag }]) =>
    flag.argument === undefined && rawName.startsWith("--no-") ? [`--no-${name}`] : [`--${name}`]
  );
  return `Unknown option ${rawName}${didYouMean(rawName, candidates)}`;
}
