/**
 * Which settings a command takes.
 *
 * @module
 */

import { OPTION_KEYS, type OptionKey, type SettingsOf } from "./options.ts";

/**
 * Keys by the name of their set: everything, what it takes to find a running host, with the choice not
 * to ask it, or only what it wants to see.
 */
export const SETTING_SETS = {
  host: OPTION_KEYS,
  console: ["consoleHost", "consolePort", "tokenFile", "tlsCert", "config"] satisfies (
    OptionKey
  )[] as ("consoleHost" | "consolePort" | "tokenFile" | "tlsCert" | "config")[],
  check: [
    "console",
    "consoleHost",
    "consolePort",
    "tokenFile",
    "tlsCert",
    "config",
  ] satisfies (OptionKey)[] as (
    "console" | "consoleHost" | "consolePort" | "tokenFile" | "tlsCert" | "config"
  )[],
  fleet: [
    "consoleHost",
    "consolePort",
    "tokenFile",
    "tlsCert",
    "config",
    "fleet",
    "fleetName",
    "fleetKey",
    "fleetCa",
  ] satisfies (OptionKey)[] as (
    | "consoleHost"
    | "consolePort"
    | "tokenFile"
    | "tlsCert"
    | "config"
    | "fleet"
    | "fleetName"
    | "fleetKey"
    | "fleetCa"
  )[],
  token: ["tokenFile", "config"] satisfies (OptionKey)[] as ("tokenFile" | "config")[],
} as const;

/** The name of a set of settings. */
export type SettingSetName = keyof typeof SETTING_SETS;

/** The settings of a set. */
export type SettingSet<S extends SettingSetName> = SettingsOf<(typeof SETTING_SETS)[S][number]>;
