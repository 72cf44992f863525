/**
 * Help, made from the tables of commands and options.
 *
 * @module
 */

import type { CommandFace } from "./command_face.ts";
import { type Flag, HELP_FLAG } from "../appliance/settings/flag.ts";
import { type Option, OPTION_GROUPS, spelledFlag } from "../appliance/settings/option.ts";
import { OPTION_KEYS, optionOf, roleKeys } from "../appliance/settings/options.ts";
import { SETTING_SETS } from "./settings/setting_sets.ts";
import { describe, wrap } from "./wrap.ts";

const INTRODUCTION =
  "Pulsebox watches what must be alive, and shows in which state it is. Options choose the roles of a host.";
const ABOUT_NAMES =
  "Each option can also be set in the environment (--idle-timeout is PULSEBOX_IDLE_TIMEOUT) and in the file " +
  "of --config (idleTimeout). The command line wins over the environment, the environment over the file. " +
  "A list in the environment is a,b, or a JSON array if an item holds a comma.";
const SETTINGS_HEADING = "Settings of the host that this command uses:";
/** The same width in all groups, so that their columns line up. */
const SETTING_TERM_WIDTH = 28;
const EXAMPLES = [
  "pulsebox --heartbeat",
  "pulsebox --heartbeat --data /var/lib/pulsebox",
  "pulsebox check tetris",
  "pulsebox beat tetris -- ./tetris --fullscreen",
];

/** The help of the whole program. */
export function generalHelp(columns: number, all: readonly CommandFace[]): string {
  const commands = all.filter(({ name }) => name !== "serve")
    .map((face): [string, string] => [face.name, face.summary]);
  return [
    paragraph(INTRODUCTION, columns),
    "Usage: pulsebox ROLE… [OPTION…]\n       pulsebox COMMAND [ARGUMENT…]\n",
    `Commands (pulsebox help COMMAND tells more):\n${describe(commands, columns)}`,
    ...settingGroups(OPTION_KEYS.map(optionOf), columns),
    paragraph(ABOUT_NAMES, columns),
    `Examples:\n${EXAMPLES.map((example) => `  ${example}\n`).join("")}`,
  ].join("\n");
}

/**
 * The help of one command.
 *
 * @param all All commands, which the help of the program lists.
 */
export function commandHelp(
  face: CommandFace,
  columns: number,
  all: readonly CommandFace[],
): string {
  if (face.name === "serve") return generalHelp(columns, all);
  const flags = [...Object.values(face.flags), HELP_FLAG.help];
  const settings = face.settings === undefined
    ? []
    : [...SETTING_SETS[face.settings]].map((key) => optionOf(key));
  return [
    paragraph(`${face.summary}.`, columns),
    `Usage: pulsebox ${face.name} ${face.usage}`.trimEnd() + "\n",
    ...face.details.map((detail) => paragraph(detail, columns)),
    `Options:\n${describe(flags.map(optionRow), columns)}`,
    // A tool does not listen at these addresses: it connects to them.
    ...(settings.length === 0 || face.settings === "host" ? [] : [`${SETTINGS_HEADING}\n`]),
    ...settingGroups(settings, columns),
    `Examples:\n${face.examples.map((example) => `  ${example}\n`).join("")}`,
    // Two names mean both a command and a role.
    ...[roleHelp(face.name, columns)].filter((text) => text !== undefined),
  ].join("\n");
}

/** The help of one role; `undefined` if no role has this name. */
export function roleHelp(word: string, columns: number): string | undefined {
  const role = roleKeys().map(optionOf).find(({ flag }) => flag === word.replace(/^--/, ""));
  if (role === undefined) return undefined;
  const group = role.flag.toLowerCase();
  const settings = OPTION_KEYS.map(optionOf).filter((option) =>
    option === role || option.group.toLowerCase() === group
  );
  return [
    paragraph(`${role.help}.`, columns),
    `Usage: pulsebox --${role.flag} [OPTION…]\n`,
    ...settingGroups(settings, columns),
    paragraph(`Options for every role, such as --data: pulsebox help. ${ABOUT_NAMES}`, columns),
    `Example:\n  pulsebox --${role.flag} --data /var/lib/pulsebox\n`,
  ].join("\n");
}

function settingGroups(options: readonly Option[], columns: number): string[] {
  return OPTION_GROUPS.flatMap((group) => {
    const rows = options.filter((option) => option.group === group).map(settingRow);
    return rows.length === 0
      ? []
      : [`${group}:\n${describe(rows, columns, { termWidth: SETTING_TERM_WIDTH })}`];
  });
}

function settingRow(option: Option): [string, string] {
  const [term, text] = optionRow(option);
  const notes = [
    ...(hasVisibleDefault(option) ? [`default ${String(option.default)}`] : []),
    ...(option.alias === undefined ? [] : [`also ${option.alias.join(", ")}`]),
    ...(option.aliasAlone === undefined
      ? []
      : [`${option.aliasAlone.names.join(", ")} with --${option.aliasAlone.role} alone`]),
  ];
  return [term, notes.length === 0 ? text : `${text} (${notes.join("; ")})`];
}

/** Help omits the default of a switch that is off, of an empty list and of an absent path. */
function hasVisibleDefault(option: Option): boolean {
  return typeof option.default === "string" || typeof option.default === "number";
}

function optionRow(flag: Flag): [string, string] {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const argument = flag.argument === undefined ? "" : ` ${flag.argument}`;
  const choices = flag.choices === undefined ? "" : `: ${flag.choices.join(", ")}`;
  return [`${short}${spelledFlag(flag)}${argument}`, `${flag.help}${choices}`];
}

function paragraph(text: string, columns: number): string {
  return `${wrap(text, columns).join("\n")}\n`;
}
