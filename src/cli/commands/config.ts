/**
 * `pulsebox config`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { CONFIG_FLAGS } from "./flags.ts";
import { STATUS_DONE } from "../exit_status.ts";
import { formatDuration } from "../../appliance/settings/duration.ts";
import { environmentName, fileKey } from "../../appliance/settings/option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../../appliance/settings/options.ts";
import { tabulate } from "../wrap.ts";

/** Stands for the value of a secret. */
const HIDDEN = "(hidden)";

/** Writes each setting with its value and the source of the value. */
export async function run(
  { values, settings, sources, terminal }: Invocation<typeof CONFIG_FLAGS, "host">,
): Promise<number> {
  const rows = OPTION_KEYS.map((key) => ({
    key: fileKey(optionOf(key)),
    ...valueOf(key, settings[key], sources.get(key)?.input, values.showSecrets === true),
    source: sources.get(key)?.kind ?? "default",
    from: sources.get(key)?.name ?? "default",
    environment: environmentName(optionOf(key)),
  }));
  await terminal.write(
    values.json === true
      ? `${
        JSON.stringify(
          { settings: Object.fromEntries(rows.map(({ key, ...rest }) => [key, rest])) },
          undefined,
          2,
        )
      }\n`
      : tabulate([
        ["SETTING", "VALUE", "FROM"],
        ...rows.map(({ key, value, hidden, from }) => [key, hidden ? HIDDEN : text(value), from]),
      ]),
  );
  return STATUS_DONE;
}

/** The value to show; a secret that is set is hidden. */
function valueOf(
  key: OptionKey,
  value: unknown,
  input: unknown,
  showsSecrets: boolean,
): { readonly value: unknown; readonly hidden: boolean } {
  const isSet = value !== undefined && !(Array.isArray(value) && value.length === 0);
  return optionOf(key).secret === true && isSet && !showsSecrets
    ? { value: null, hidden: true }
    : { value: shown(key, value, input), hidden: false };
}

/** The value as a configuration file would hold it. */
function shown(key: OptionKey, value: unknown, input: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return input;
  return key.endsWith("Ms") && typeof value === "number" ? formatDuration(value) : value;
}

function text(value: unknown): string {
  if (value === null) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
