/**
 * The one table of settings: flag, environment name, file key, type, default and help of each.
 *
 * Parsing, help, completions and `pulsebox config` are derived from it. A new setting is one entry
 * in the file of its topic.
 *
 * @module
 */

import type { Option, OptionValue } from "./option.ts";
import { ACCESS_OPTIONS } from "./options/access.ts";
import { CONNECTION_OPTIONS } from "./options/connections.ts";
import { CONSOLE_OPTIONS } from "./options/console.ts";
import { FLEET_OPTIONS } from "./options/fleet.ts";
import { GENERAL_OPTIONS } from "./options/general.ts";
import { HEARTBEAT_OPTIONS } from "./options/heartbeat.ts";
import { HEV_OPTIONS } from "./options/hev.ts";
import { NOTIFICATION_OPTIONS } from "./options/notifications.ts";
import { ROLE_OPTIONS } from "./options/roles.ts";
import { STATE_OPTIONS } from "./options/state.ts";
import { TRIGGER_OPTIONS } from "./options/trigger.ts";

/** Every setting of a running host, by its key in code. */
export const OPTIONS = {
  ...ROLE_OPTIONS,
  ...HEARTBEAT_OPTIONS,
  ...TRIGGER_OPTIONS,
  ...HEV_OPTIONS,
  ...STATE_OPTIONS,
  ...CONSOLE_OPTIONS,
  ...ACCESS_OPTIONS,
  ...NOTIFICATION_OPTIONS,
  ...FLEET_OPTIONS,
  ...CONNECTION_OPTIONS,
  ...GENERAL_OPTIONS,
} as const;

/** The key of a setting in code. */
export type OptionKey = keyof typeof OPTIONS;

/** Some settings after validation. */
export type SettingsOf<K extends OptionKey> = {
  readonly [Key in K]: OptionValue<(typeof OPTIONS)[Key]>;
};

/** All settings after validation. Names that end in `Ms` are milliseconds. */
export type Settings = SettingsOf<OptionKey>;

/** All keys, in the order of the table. */
export const OPTION_KEYS: readonly OptionKey[] = Object.keys(OPTIONS) as OptionKey[];

/** An option by its key, typed as any entry of the table. */
export function optionOf(key: OptionKey): Option {
  return OPTIONS[key];
}

/** The keys of the switches that turn on a role. */
export function roleKeys(): OptionKey[] {
  return OPTION_KEYS.filter((key) => optionOf(key).turnsOn === true);
}
