/**
 * The configuration file: one JSON object of settings.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { fileKey } from "../../appliance/settings/option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../../appliance/settings/options.ts";
import { didYouMean } from "../suggest.ts";

/** Length of the file, in characters. */
export const CONFIG_LENGTH_MAX = 1_048_576;

/** The settings of a configuration file, not yet validated. */
export interface ConfigFile {
  readonly values: ReadonlyMap<OptionKey, unknown>;
  readonly problems: readonly string[];
}

/** Parses the text of a configuration file. Mistakes are listed in `problems`. */
export function parseConfigFile(path: string, text: string): ConfigFile {
  const values = new Map<OptionKey, unknown>();
  if (text.length > CONFIG_LENGTH_MAX) {
    return { values, problems: [`Cannot read "${path}": longer than ${CONFIG_LENGTH_MAX}`] };
  }
  let content: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    content = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return { values, problems: [`Cannot read "${path}": not JSON, ${detailOf(error, text)}`] };
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return { values, problems: [`Cannot read "${path}": must hold one JSON object of settings`] };
  }
  const keys = new Map(
    OPTION_KEYS.filter((key) => optionOf(key).notInFile === undefined)
      .map((key) => [fileKey(optionOf(key)), key]),
  );
  const problems: string[] = [];
  for (const [name, value] of Object.entries(content)) {
    const key = keys.get(name);
    if (key === undefined) {
      problems.push(`Unknown setting "${name}" in "${path}"${didYouMean(name, keys.keys())}`);
    } else if (value !== null) {
      values.set(key, value);
    }
  }
  return { values, problems };
}

/** What the parser found wrong, and where; without the piece of the text, which may hold a secret. */
function detailOf(error: unknown, text: string): string {
  const message = messageOf(error);
  const quoted = /^([^]*?), (?:\.\.\.)?"([^]*?)"(?:\.\.\.)? is not valid JSON$/.exec(message);
  if (quoted === null) return message;
  const [, what = "", piece = ""] = quoted;
  const line =
    text.slice(0, Math.max(0, text.indexOf(piece)) + piece.length / 2).split("\n").length;
  return `${what} near line ${line}`;
}
