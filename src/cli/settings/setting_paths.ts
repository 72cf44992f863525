/**
 * The files and folders that settings name.
 *
 * @module
 */

import { pathProblem } from "../../store/path_check.ts";
import type { Option } from "../../appliance/settings/option.ts";
import {
  OPTION_KEYS,
  type OptionKey,
  optionOf,
  roleKeys,
  type Settings,
} from "../../appliance/settings/options.ts";
import type { SettingSource } from "./settings.ts";

/** The path in a setting's value, if it holds one. */
function pathIn(option: Option, value: unknown): string | undefined {
  if (option.path === undefined || typeof value !== "string") return undefined;
  return option.pathForm === undefined ? value : option.pathForm.exec(value)?.[1];
}

/** The paths among the settings that apply to the running roles. */
export function pathSettings(settings: Settings): [key: OptionKey, path: string][] {
  // A role's name is the heading of its settings.
  const idle = new Set<string>(roleKeys().filter((key) => settings[key] !== true));
  return OPTION_KEYS.flatMap((key): [OptionKey, string][] => {
    const path = pathIn(optionOf(key), settings[key]);
    return path === undefined || idle.has(optionOf(key).group.toLowerCase()) ? [] : [[key, path]];
  });
}

/** One sentence for each path that cannot be used, naming where the setting came from. */
export function pathProblems(
  settings: Settings,
  sources: ReadonlyMap<string, SettingSource>,
): string[] {
  return pathSettings(settings).flatMap(([key, path]) => {
    const use = optionOf(key).path;
    const problem = use === undefined ? undefined : pathProblem(path, use);
    return problem === undefined ? [] : [`${sources.get(key)?.name} is "${path}": ${problem}`];
  });
}

/**
 * Settings and their sources with every path made absolute: a service does not start in the folder
 * in which it was installed.
 *
 * @param folder The present one.
 * @throws {TypeError} if a configuration file holds a path that depends on the folder.
 */
export function withWholePaths(
  settings: Settings,
  sources: ReadonlyMap<string, SettingSource>,
  folder: string,
): { settings: Settings; sources: ReadonlyMap<string, SettingSource> } {
  const whole = new Map(sources);
  const values: Partial<Record<OptionKey, unknown>> = { ...settings };
  for (const key of OPTION_KEYS) {
    const source = sources.get(key);
    if (source === undefined || source.kind === "default") continue;
    const input = withWholePath(optionOf(key), source.input, folder);
    if (input === source.input) continue;
    if (source.kind === "file") {
      throw new TypeError(`${source.name} is "${source.input}": a service needs a path from / on`);
    }
    whole.set(key, { ...source, input });
    // Schemas leave paths unchanged; the files of a list have already been read.
    if (typeof input === "string") values[key] = input;
  }
  return { settings: values as unknown as Settings, sources: whole };
}

function withWholePath(option: Option, input: unknown, folder: string): unknown {
  const { isFileOfItems, path } = option;
  if (isFileOfItems !== undefined && Array.isArray(input)) {
    const items = input.map((item) =>
      typeof item === "string" && isFileOfItems(item) ? joined(folder, item) : item
    );
    return items.every((item, index) => item === input[index]) ? input : items;
  }
  const place = pathIn(option, input);
  if (place === undefined || typeof input !== "string") return input;
  // A bare name of a recording may be one of those that come with the program.
  if (path === "recording" && !place.includes("/")) return input;
  return input.slice(0, input.length - place.length) + joined(folder, place);
}

function joined(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder.replace(/\/+$/, "")}/${path}`;
}
