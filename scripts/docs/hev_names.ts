/**
 * The page of names that the HEV protocol has: types, commands and alarms of each version.
 *
 * @module
 */

import { ALARMS, documentedPriority } from "../../src/wire/hev/alarms.ts";
import { COMMANDS } from "../../src/wire/hev/commands.ts";
import { PAYLOAD_TYPES } from "../../src/wire/hev/payload_type.ts";

/** The page, before `deno fmt`. */
export function hevNamesPage(): string {
  const versions = [...COMMANDS].map(([version, { types, commands }]) => {
    const rows = types.names.map((type) => {
      const names = commands.get(type)?.names ?? [];
      return `| \`${type}\` | ${names.length === 0 ? "none" : list(names)} |`;
    });
    return `## Version ${version} (0x${version.toString(16).toUpperCase()})\n\n` +
      `| type | commands |\n| --- | --- |\n${rows.join("\n")}\n\n` +
      `Alarms: ${list(ALARMS.get(version)?.names ?? [])}\n`;
  });
  const alarms = new Set([...ALARMS.values()].flatMap(({ names }) => names));
  const medium = [...alarms].filter((name) => documentedPriority(name) === "PRIORITY_MEDIUM");
  return "# Names of the HEV protocol\n\nMade from the protocol's tables by `deno task reference`. " +
    "`pulsebox hev cmd TYPE COMMAND [PARAM]` sends a command, `pulsebox hev ack ALARM` takes an alarm " +
    "off the list. The version of a controller stands in its values (`pulsebox hev values`). " +
    "`SET_TIMEOUT` and `SET_DURATION` are the same in every version. Where the wire has no priority, an " +
    `alarm is high, but these are medium: ${list(medium)}.\n\nTypes of payloads: ${
      list(PAYLOAD_TYPES.names)
    }.\n\n${versions.join("\n")}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
