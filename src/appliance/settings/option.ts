/**
 * One entry of the options table.
 *
 * @module
 */

import type * as z from "zod/mini";
import type { PathUse } from "../../store/path_check.ts";
import type { Flag } from "./flag.ts";
import type { ValueType } from "./value_types.ts";

/** The headings of the help, in their order. */
export const OPTION_GROUPS = [
  "Roles",
  "Heartbeat",
  "Trigger",
  "HEV",
  "State",
  "Console",
  "Access",
  "Notifications",
  "Fleet",
  "Connections",
  "Storage",
  "Log",
  "General",
] as const;

/** The servers of a running host that tools talk to. */
export type ToolServer = "console" | "heartbeat" | "state" | "hev";

/** A heading of the help. */
export type OptionGroup = typeof OPTION_GROUPS[number];

/** The switch of the role that the options under a heading belong to. */
const GROUP_ROLES: Readonly<Partial<Record<OptionGroup, string>>> = {
  Heartbeat: "heartbeat",
  Trigger: "trigger",
  HEV: "hev",
  State: "state",
};

/**
 * A setting. Its other names follow from its flag: `--idle-timeout` is `PULSEBOX_IDLE_TIMEOUT` in the
 * environment and `idleTimeout` in the configuration file.
 */
export interface Option extends Flag {
  readonly group: OptionGroup;
  /** Accepts the text of a flag or variable as well as the JSON value of a file. */
  readonly schema: ValueType<unknown>;
  /** The default as a user would write it; `undefined` if there is none. */
  readonly default: boolean | number | string | readonly string[] | undefined;
  /** Environment names of the original program. Our own name takes precedence over them. */
  readonly alias?: readonly string[];
  /** Original names that are so common that they count only if this role runs alone. */
  readonly aliasAlone?: { readonly role: string; readonly names: readonly string[] };
  /** A variable of the original program whose URL contains this setting and another one. */
  readonly inUrl?: { readonly variable: UrlVariable; readonly part: keyof UrlParts };
  /** The role that it turns on. */
  readonly turnsOn?: true;
  /** Set if the value is a port to listen on: for which role, on which addresses, and how. */
  readonly listens?: {
    /** The switch of the role, or of the console. */
    readonly role: string;
    /** The setting with its address or addresses. */
    readonly host: string;
    readonly protocol: "tcp" | "udp";
  };
  /**
   * The servers of a running host that tools find, or log in to, with this setting: they read it as
   * the host does, so that one environment or file serves both.
   */
  readonly tools?: readonly ToolServer[];
  /** Set if a configuration file cannot contain it. */
  readonly notInFile?: true;
  /** What a path in the value leads to; checked before a start. */
  readonly path?: PathUse;
  /** If the path is only the end of the value, where it begins. */
  readonly pathForm?: RegExp;
  /** Whether the value is a secret: whoever reads it could do what only the operator should. */
  readonly secret?: true;
  /**
   * Whether SIGHUP reads it again: the setting together with the file that it names, or only the
   * content of that file. All other settings take effect at the next start.
   */
  readonly readAgain?: "setting" | "content";
  /** Whether an item of a list can name a file whose lines are the items. */
  readonly isFileOfItems?: (item: string) => boolean;
}

/** The parts of a URL that settings use, as texts. */
export interface UrlParts {
  readonly host: string;
  readonly port: string;
}

/** A variable with a URL, and how the original program reads it. */
export interface UrlVariable {
  readonly name: string;
  /** The variables that may also contain a part of the URL. */
  readonly besides: Readonly<Record<keyof UrlParts, string>>;
  /**
   * Reads the URL. A returned string is a sentence about a mistake, for instance that another
   * variable contradicts it.
   *
   * @param others The values of the other variables.
   */
  readonly read: (
    text: string,
    others: Readonly<Record<keyof UrlParts, string | undefined>>,
  ) => UrlParts | string;
}

/** Options by their keys in code. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The value of an option after validation. */
export type OptionValue<O extends Option> =
  | z.output<O["schema"]>
  | (undefined extends O["default"] ? undefined : never);

/**
 * The switch of the role that an option belongs to; `undefined` if it belongs to no single role.
 */
export function roleOf({ group }: Option): string | undefined {
  return GROUP_ROLES[group];
}

/** The environment name of an option, `PULSEBOX_IDLE_TIMEOUT` for `--idle-timeout`. */
export function environmentName(option: Flag): string {
  return `PULSEBOX_${option.flag.toUpperCase().replaceAll("-", "_")}`;
}

/** The configuration file's key of an option, `idleTimeout` for `--idle-timeout`. */
export function fileKey(option: Flag): string {
  return option.flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * How an option is written in help and errors; `--no-console` for a switch that is on by default.
 */
export function spelledFlag(option: Flag & { readonly default?: unknown }): string {
  const onByDefault = option.argument === undefined && option.default === true;
  return onByDefault ? `--no-${option.flag}` : `--${option.flag}`;
}
