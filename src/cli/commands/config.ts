/**
 * `pulsebox config`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { JSON_FLAG } from "../command_table.ts";
import { STATUS_DONE } from "../exit_status.ts";
import { formatDuration } from "../settings/duration.ts";
import { environmentName, fileKey } from "../option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../settings/options.ts";
import { tabulate } from "../wrap.ts";

/** Writes each setting, its value and where that came from. */
export async function run(
  { values, settings, sources, terminal }: Invocation<typeof JSON_FLAG, "host">,
): Promise<number> {
  const rows = OPTION_KEYS.map((key) => ({
    key: fileKey(optionOf(key)),
    value: shown(key, settings[key], sources.get(key)?.input),
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
        ...rows.map(({ key, value, from }) => [key, text(value), from]),
      ]),
  );
  return STATUS_DONE;
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
