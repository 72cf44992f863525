/**
 * The ports that a host with some settings listens on.
 *
 * @module
 */

import type { WantedPort } from "../../appliance/doctor/ports.ts";
import { OPTION_KEYS, optionOf, type Settings } from "../../appliance/settings/options.ts";

/** Each port of the roles that are turned on, and of the console, on each of its hosts. */
export function wantedPorts(settings: Settings): WantedPort[] {
  const values: Readonly<Record<string, unknown>> = settings;
  return OPTION_KEYS.flatMap((key) => {
    const { listens, flag } = optionOf(key);
    if (listens === undefined || values[listens.role] !== true) return [];
    const { role, protocol } = listens;
    return [values[listens.host]].flat().map((hostname) => ({
      role,
      protocol,
      hostname: String(hostname),
      port: Number(values[key]),
      option: `--${flag}`,
    }));
  });
}
