/**
 * The environment file of a service: the given settings, one variable each.
 *
 * @module
 */

import { formatList } from "../../settings/list_text.ts";
import { environmentName } from "../../../appliance/settings/option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../../../appliance/settings/options.ts";
import type { SettingSource } from "../../settings/settings.ts";

/** The sources of settings that go into the file; settings of a configuration file stay there. */
const KINDS: ReadonlySet<SettingSource["kind"]> = new Set(["flag", "environment"]);

/** Whether a setting goes into the file. */
function isWritten(source: SettingSource | undefined): boolean {
  return source !== undefined && KINDS.has(source.kind);
}

/**
 * Writes the file.
 *
 * @param sources Of the settings, as they were resolved.
 * @param leftOut Settings that the unit itself sets.
 * @param more Settings that the service needs beside them, where they were not given.
 * @throws {TypeError} if a value cannot stand in such a file.
 */
export function environmentFile(
  sources: ReadonlyMap<string, SettingSource>,
  leftOut: ReadonlySet<OptionKey>,
  more: Readonly<Partial<Record<OptionKey, string>>>,
): string {
  const lines = OPTION_KEYS.flatMap((key) => {
    if (leftOut.has(key)) return [];
    const source = sources.get(key);
    const value = isWritten(source) ? source?.input : more[key];
    if (value === undefined) return [];
    return [`# ${optionOf(key).help}`, `${environmentName(optionOf(key))}=${quote(key, value)}`];
  });
  return `${lines.join("\n")}\n`;
}

/** As systemd reads it (systemd.exec(5), EnvironmentFile). */
function quote(key: OptionKey, value: unknown): string {
  const text = Array.isArray(value) ? formatList(value) : String(value);
  // deno-lint-ignore no-control-regex -- a line break would begin another variable
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    const shown = optionOf(key).secret === true ? "its value" : `"${text}"`;
    throw new TypeError(
      `Cannot write ${environmentName(optionOf(key))}: ${shown} holds a control character`,
    );
  }
  if (/^[A-Za-z0-9_./:@,+-]*$/.test(text)) return text;
  return `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
}
