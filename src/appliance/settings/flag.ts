/**
 * A command-line option as parsing, help and completions see it.
 *
 * @module
 */

/** One option as it is written on the command line. */
export interface Flag {
  /** Long name without dashes, words joined by hyphens. */
  readonly flag: string;
  /** One letter that stands for the long name. */
  readonly short?: string;
  /** The name of its value in help, for instance `PORT`. An option without one is a switch. */
  readonly argument?: string;
  /** May be given more than once; every value counts. */
  readonly many?: true;
  /** The values to choose from, if there are only some. */
  readonly choices?: readonly string[];
  /** What a shell offers for the value. */
  readonly completes?: "file" | "directory";
  /** What it does, in one line without a full stop. */
  readonly help: string;
}

/** Options by the name that code has for them. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The value of one option: text, list of texts, or for a switch whether it is on. */
export type FlagValue<F extends Flag> = F extends { readonly argument: string }
  ? F extends { readonly many: true } ? readonly string[] | undefined : string | undefined
  : boolean | undefined;

/** The values that were given for a table of options; `undefined` means not given. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/** Option of every command. */
export const HELP_FLAG = {
  help: { flag: "help", short: "h", help: "Show this help" },
} as const satisfies FlagTable;
