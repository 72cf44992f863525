/**
 * The model of completions, made from the tables of commands and options.
 *
 * @module
 */

import type { CommandFace } from "../command_face.ts";
import { type Flag, HELP_FLAG } from "../../appliance/settings/flag.ts";
import { spelledFlag } from "../../appliance/settings/option.ts";
import { optionOf } from "../../appliance/settings/options.ts";
import { SETTING_SETS } from "../settings/setting_sets.ts";

/** One option in one place. */
export interface CompletedFlag {
  /** With its dashes. */
  readonly long: string;
  /** One letter, without dash. */
  readonly short: string | undefined;
  readonly argument: string | undefined;
  readonly choices: readonly string[];
  readonly completes: "file" | "directory" | undefined;
  readonly help: string;
}

/** One command, or the program itself if `name` is `serve`. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** Words for its first argument. */
  readonly words: readonly string[];
}

/** All commands with all their options. `serve` comes first. */
export function completedCommands(commands: readonly CommandFace[]): CompletedCommand[] {
  const names = commands.map(({ name }) => name).filter((name) => name !== "serve");
  return commands.map((command) => {
    const settings = command.settings === undefined
      ? []
      : SETTING_SETS[command.settings].map((key) => optionOf(key));
    const flags = [...Object.values(command.flags), ...settings, HELP_FLAG.help];
    return {
      name: command.name,
      summary: command.summary,
      flags: flags.map(completedFlag),
      words: command.name === "help" ? names : command.words ?? [],
    };
  });
}

function completedFlag(flag: Flag): CompletedFlag {
  return {
    long: spelledFlag(flag),
    short: flag.short,
    argument: flag.argument,
    choices: flag.choices ?? [],
    completes: flag.completes,
    help: flag.help,
  };
}
