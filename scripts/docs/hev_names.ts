/**
 * The page that lists the names of the HEV protocol: types, commands and alarms of each version.
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
  return "# Names of the HEV protocol\n\nThe words that a ventilator's controller understands depend on the " +
    "version of its firmware. `pulsebox hev values` shows which version yours speaks.\n\n" +
    "- To send a command: `pulsebox hev cmd TYPE COMMAND [PARAM]`. A type without commands (`none`) cannot " +
    "be sent this way. `SET_TIMEOUT` and `SET_DURATION` are two names of one type; every version takes " +
    "either.\n- To acknowledge an alarm: `pulsebox hev ack ALARM`.\n\n" +
    "`deno task reference` makes this page from the protocol's tables.\n\n" +
    `## Payload types\n\n${list(PAYLOAD_TYPES.names)}.\n\n${versions.join("\n")}\n` +
    "## Priorities of alarms\n\nIf a controller sends no priority with an alarm, the alarm gets high " +
    `priority. Only these get medium priority: ${list(medium)}.\n`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
