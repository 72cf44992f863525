/**
 * A command-line option, for parsing, help and completions.
 *
 * @module
 */

/** One option of a command line. */
export interface Flag {
  /** Long name without dashes, words joined by hyphens. */
  readonly flag: string;
  /** One letter as an abbreviation of the long name. */
  readonly short?: string;
  /** The name of its value in help, such as `PORT`. An option without one is a switch. */
  readonly argument?: string;
  /** May be given more than once; every value counts. */
  readonly many?: true;
  /** The legal values, if there are only a few. */
  readonly choices?: readonly string[];
  /** What a shell offers for the value. */
  readonly completes?: "file" | "directory";
  /** What it does, in one line without a full stop. */
  readonly help: string;
}

/** Options by their keys in code. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The value of one option: a text, a list of texts, or for a switch, whether it is on. */
export type FlagValue<F extends Flag> = F extends { readonly argument: string }
  ? F extends { readonly many: true } ? readonly string[] | undefined : string | undefined
  : boolean | undefined;

/** The given values of a table of options; `undefined` means not given. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/** Option of every command. */
export const HELP_FLAG = {
  help: { flag: "help", short: "h", help: "Show this help" },
} as const satisfies FlagTable;
