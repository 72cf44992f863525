/**
 * Completion for fish.
 *
 * @module
 */

import type { CompletedCommand, CompletedFlag } from "./model.ts";

/** Writes the script. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "serve");
  const names = named.map(({ name }) => name).join(" ");
  const lines = [
    "# Completion of pulsebox for fish: pulsebox completions fish | source",
    "complete -c pulsebox -f",
    ...named.map(({ name, summary }) =>
      `complete -c pulsebox -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`
    ),
  ];
  for (const { name, flags, words } of commands) {
    const condition = name === "serve"
      ? `not __fish_seen_subcommand_from ${names}`
      : `__fish_seen_subcommand_from ${name}`;
    const start = `complete -c pulsebox -n ${quoted(condition)}`;
    lines.push(...flags.map((flag) => `${start} ${flagWords(flag)} -d ${quoted(flag.help)}`));
    if (words.length > 0) lines.push(`${start} -a ${quoted(words.join(" "))}`);
  }
  return `${lines.join("\n")}\n`;
}

function flagWords({ long, short, argument, choices, completes }: CompletedFlag): string {
  const words = [`-l ${long.slice(2)}`];
  if (short !== undefined) words.push(`-s ${short}`);
  if (choices.length > 0) words.push(`-x -a ${quoted(choices.join(" "))}`);
  else if (completes === "directory") words.push(`-x -a '(__fish_complete_directories)'`);
  else if (completes === "file") words.push("-r -F");
  else if (argument !== undefined) words.push("-x");
  return words.join(" ");
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
