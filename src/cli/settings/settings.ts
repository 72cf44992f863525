/**
 * Resolves settings from flags, environment and configuration file.
 *
 * @module
 */

import * as z from "zod/mini";
import { fileReason } from "../../store/file_error.ts";
import { type ConfigFile, parseConfigFile } from "./config_file.ts";
import type { FlagTable } from "../../appliance/settings/flag.ts";
import {
  environmentName,
  fileKey,
  type Option,
  roleOf,
  type UrlVariable,
} from "../../appliance/settings/option.ts";
import { parseList } from "./list_text.ts";
import {
  type OptionKey,
  optionOf,
  OPTIONS,
  roleKeys,
  type SettingsOf,
} from "../../appliance/settings/options.ts";

/** Where variables of the environment are read. `Deno.env` is one. */
export interface Environment {
  /** The value of a variable; `undefined` if it is not set. */
  get(name: string): string | undefined;
}

/** Where a setting came from. */
export interface SettingSource {
  readonly kind: "flag" | "environment" | "file" | "default";
  /** The flag, the variable or the file's key. */
  readonly name: string;
  /** As it was written; lists as lists. */
  readonly input?: unknown;
}

/** What settings are made of. */
export interface SettingInputs {
  /** Values of flags by key, as {@linkcode "../arguments.ts"} gives them. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** Reads a text file. Rejects if it cannot be read. */
  readTextFile(path: string): Promise<string>;
}

/** Settings, or why there are none. */
export interface Resolution<K extends OptionKey> {
  /** `undefined` if there are problems. */
  readonly settings: SettingsOf<K> | undefined;
  readonly sources: ReadonlyMap<OptionKey, SettingSource>;
  /** One sentence for each thing that is wrong, naming its source. */
  readonly problems: readonly string[];
}

/** The flags of some settings, for parsing and help. */
export function flagsOf(keys: readonly OptionKey[]): FlagTable {
  return Object.fromEntries(keys.map((key) => [key, optionOf(key)]));
}

/** All environment variables that can affect some settings. */
export function environmentNames(keys: readonly OptionKey[]): string[] {
  const names = keys.map(optionOf).flatMap((option) => [
    environmentName(option),
    ...option.alias ?? [],
    ...option.aliasAlone?.names ?? [],
    ...option.inUrl === undefined ? [] : urlNames(option.inUrl.variable),
  ]);
  return [...new Set(names)];
}

/**
 * Makes settings. Flags win over the environment, the environment over the file, the file over the
 * defaults. Only the winning value is validated. Never throws for bad input; all problems are
 * listed.
 */
export async function resolveSettings<K extends OptionKey>(
  keys: readonly K[],
  inputs: SettingInputs,
): Promise<Resolution<K>> {
  const problems: string[] = [];
  const found = new Map<OptionKey, Found>();
  const environment = new EnvironmentReader(inputs.environment, problems);
  const file = await readFile(keys, inputs, environment, problems);
  const find = (key: OptionKey, running: readonly OptionKey[]) =>
    fromFlag(key, inputs) ?? environment.find(key, running) ?? fromFile(key, file) ??
      fromDefault(key);
  // The running roles decide which environment names apply to the other settings.
  const roles = keys.filter((key) => optionOf(key).group === "Roles");
  for (const key of roles) found.set(key, find(key, []));
  turnOnAllRoles(found);
  const running = runningRoles(found);
  for (const key of keys) if (!found.has(key)) found.set(key, find(key, running));
  const values: Record<string, unknown> = {};
  const sources = new Map<OptionKey, SettingSource>();
  for (const [key, { input, source }] of found) {
    sources.set(key, { ...source, input });
    if (input === undefined) values[key] = undefined;
    else values[key] = await validate(optionOf(key), input, source, inputs, problems);
  }
  return {
    // Each value has passed the schema of its key.
    settings: problems.length === 0 ? values as unknown as SettingsOf<K> : undefined,
    sources,
    problems: [...new Set(problems)],
  };
}

function urlNames({ name, besides }: UrlVariable): string[] {
  return [name, besides.host, besides.port];
}

interface Found {
  readonly input: unknown;
  readonly source: SettingSource;
}

function fromFlag(key: OptionKey, inputs: SettingInputs): Found | undefined {
  const input = inputs.flags[key];
  if (input === undefined) return undefined;
  const name = input === false ? `--no-${optionOf(key).flag}` : `--${optionOf(key).flag}`;
  return { input, source: { kind: "flag", name } };
}

function fromFile(
  key: OptionKey,
  file: (ConfigFile & { path: string }) | undefined,
): Found | undefined {
  const input = file?.values.get(key);
  if (file === undefined || input === undefined) return undefined;
  const name = `${fileKey(optionOf(key))} in "${file.path}"`;
  const source: SettingSource = { kind: "file", name };
  return { input: typeof input === "string" ? listed(optionOf(key), input) : input, source };
}

/** Splits the text of a list into items; returns anything else unchanged. */
function listed(option: Option, text: string): unknown {
  const items = option.many === undefined ? text : parseList(text);
  return typeof items === "string" ? text : items;
}

function fromDefault(key: OptionKey): Found {
  return { input: optionOf(key).default, source: { kind: "default", name: "default" } };
}

/** Reads variables: our own names first, then the originals'. An empty one counts as not set. */
class EnvironmentReader {
  readonly #environment: Environment;
  readonly #problems: string[];

  constructor(environment: Environment, problems: string[]) {
    this.#environment = environment;
    this.#problems = problems;
  }

  /**
   * Finds the variable of a setting.
   *
   * @param running The roles that run. Those that do not run leave the originals' names alone: on a
   * station they may be meant for its clients.
   */
  find(key: OptionKey, running: readonly OptionKey[]): Found | undefined {
    const option = optionOf(key);
    const own = environmentName(option);
    const ownText = this.#get(own);
    if (ownText !== undefined) return this.#found(option, own, ownText);
    const role = roleOf(option);
    if (role !== undefined && !running.some((key) => key === role)) return undefined;
    const inUrl = this.#findInUrl(option);
    if (inUrl !== undefined) return inUrl;
    const { alias = [], aliasAlone } = option;
    const isAlone = running.length === 1 && running[0] === aliasAlone?.role;
    const bare = isAlone ? aliasAlone?.names ?? [] : [];
    for (const name of [...alias, ...bare]) {
      const text = this.#get(name);
      if (text !== undefined) return this.#found(option, name, text);
    }
    return undefined;
  }

  #get(name: string): string | undefined {
    const text = this.#environment.get(name);
    return text === "" ? undefined : text;
  }

  #found(option: Option, name: string, text: string): Found {
    const source: SettingSource = { kind: "environment", name };
    return { input: listed(option, text), source };
  }

  #findInUrl({ inUrl, default: usual }: Option): Found | undefined {
    if (inUrl === undefined) return undefined;
    const { variable: { name, besides, read }, part } = inUrl;
    const text = this.#get(name);
    if (text === undefined) return undefined;
    const url = read(text, { host: this.#get(besides.host), port: this.#get(besides.port) });
    const source: SettingSource = { kind: "environment", name };
    if (typeof url !== "string") return { input: url[part], source };
    this.#problems.push(url);
    return { input: usual, source };
  }
}

async function readFile(
  keys: readonly OptionKey[],
  inputs: SettingInputs,
  environment: EnvironmentReader,
  problems: string[],
): Promise<(ConfigFile & { path: string }) | undefined> {
  if (!keys.includes("config")) return undefined;
  const path = (fromFlag("config", inputs) ?? environment.find("config", []))?.input;
  if (typeof path !== "string") return undefined;
  const text = await readText(path, inputs, problems);
  if (text === undefined) return undefined;
  const file = parseConfigFile(path, text);
  problems.push(...file.problems);
  return { ...file, path };
}

/** `--all` is every role that nobody spoke of. */
function turnOnAllRoles(found: Map<OptionKey, Found>): void {
  const all = found.get("all");
  if (all === undefined || z.safeParse(OPTIONS.all.schema, all.input).data !== true) return;
  for (const key of roleKeys()) {
    if (found.get(key)?.source.kind === "default") {
      found.set(key, { input: true, source: all.source });
    }
  }
}

/** The roles that are turned on. */
function runningRoles(found: ReadonlyMap<OptionKey, Found>): OptionKey[] {
  return roleKeys().filter((key) =>
    z.safeParse(optionOf(key).schema, found.get(key)?.input).data === true
  );
}

const COMMA_HINT = '; if a comma belongs to an item, write a JSON array: ["a,b", "c"]';

async function validate(
  option: Option,
  input: unknown,
  source: SettingSource,
  inputs: SettingInputs,
  problems: string[],
): Promise<unknown> {
  const expanded = await expandItems(option, input, inputs, problems);
  const result = z.safeParse(option.schema, expanded);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    // A problem within a list names the item.
    const index = issue.path[0];
    const wrong = typeof index === "number" && Array.isArray(expanded) ? expanded[index] : input;
    const isSplit = source.kind === "environment" && Array.isArray(input) && input.length > 1;
    const hint = isSplit && wrong !== input ? COMMA_HINT : "";
    const told = option.secret === true ? "cannot be used" : `is ${JSON.stringify(wrong)}`;
    problems.push(`${source.name} ${told}: ${issue.message}${hint}`);
  }
  return undefined;
}

/** Replaces items that name a file by its lines; `#` begins a line that is a comment. */
async function expandItems(
  option: Option,
  input: unknown,
  inputs: SettingInputs,
  problems: string[],
): Promise<unknown> {
  const { isFileOfItems } = option;
  if (isFileOfItems === undefined || !Array.isArray(input)) return input;
  const items: unknown[] = [];
  for (const item of input) {
    if (typeof item !== "string" || !isFileOfItems(item)) {
      items.push(item);
      continue;
    }
    const lines = (await readText(item, inputs, problems) ?? "").split("\n");
    items.push(...lines.map((line) => line.trim()).filter((line) => !/^(#|$)/.test(line)));
  }
  return items;
}

async function readText(
  path: string,
  inputs: SettingInputs,
  problems: string[],
): Promise<string | undefined> {
  try {
    return await inputs.readTextFile(path);
  } catch (error) {
    problems.push(`Cannot read "${path}": ${fileReason(error, path)}`);
    return undefined;
  }
}
