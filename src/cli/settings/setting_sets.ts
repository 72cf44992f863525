/**
 * Which settings a command takes.
 *
 * @module
 */

import type { ToolServer } from "../../appliance/settings/option.ts";
import {
  OPTION_KEYS,
  type OptionKey,
  optionOf,
  type OPTIONS,
  type SettingsOf,
} from "../../appliance/settings/options.ts";

/** The keys of the settings that tools of a server take, as the table of options says. */
type ToolKey<S extends ToolServer> = {
  [K in OptionKey]: (typeof OPTIONS)[K] extends { readonly tools: readonly (infer T)[] }
    ? S extends T ? K : never
    : never;
}[OptionKey];

function toolKeys<S extends ToolServer>(...servers: S[]): readonly ToolKey<S>[] {
  return OPTION_KEYS.filter((key): key is ToolKey<S> =>
    servers.some((server) => optionOf(key).tools?.includes(server))
  );
}

/**
 * Keys by the name of their set: everything, or what it takes to find the servers that a tool asks.
 */
export const SETTING_SETS = {
  host: OPTION_KEYS,
  console: toolKeys("console"),
  heartbeat: toolKeys("heartbeat"),
  state: toolKeys("state"),
  hev: toolKeys("hev"),
  token: ["tokenFile", "config"],
  check: ["console", ...toolKeys("console", "heartbeat")],
  fleet: [...toolKeys("console"), "fleet", "fleetName", "fleetKey", "fleetCa"],
} as const;

/** The name of a set of settings. */
export type SettingSetName = keyof typeof SETTING_SETS;

/** The settings of a set. */
export type SettingSet<S extends SettingSetName> = SettingsOf<(typeof SETTING_SETS)[S][number]>;
