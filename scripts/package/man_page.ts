/**
 * The manual page, made from the tables of commands and options.
 *
 * @module
 */

import { COMMANDS } from "../../src/cli/command_table.ts";
import type { Flag } from "../../src/appliance/settings/flag.ts";
import {
  environmentName,
  type Option,
  OPTION_GROUPS,
  spelledFlag,
} from "../../src/appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../src/appliance/settings/options.ts";

const EXIT_STATUS: readonly (readonly [string, string])[] = [
  ["0", "Done."],
  ["1", "Failed."],
  ["2", "Wrong usage, or wrong settings."],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["PULSEBOX_TOKEN", "The token to show to a console or game server that requires one."],
  ["PULSEBOX_CA", "A file of certificates (PEM) to trust beside those of the system."],
  ["HB_URL", "URL of the heartbeat server; or HB_HOST and HB_PORT."],
];

/**
 * Writes the page in the words of man(7).
 *
 * @param version Of the program.
 * @param date Day of the release, `YYYY-MM-DD`.
 */
export function manPage(version: string, date: string): string {
  const commands = COMMANDS.filter(({ name }) => name !== "serve");
  return [
    `.TH PULSEBOX 1 "${date}" "pulsebox ${version}" "User Commands"`,
    ".SH NAME",
    "pulsebox \\- see what is alive, and in which state it is",
    ".SH SYNOPSIS",
    ".B pulsebox",
    ".IR ROLE ...",
    "[\\fIOPTION\\fR...]",
    ".br",
    ".B pulsebox",
    ".I COMMAND",
    "[\\fIARGUMENT\\fR...]",
    ".SH DESCRIPTION",
    line(
      "Watches applications, phones, an instrument on a serial port and game clients, each over the " +
        "protocol that it already speaks. Options turn on the roles of a host; commands query, test and " +
        "simulate them. Every option can also be set by the environment variable in brackets.",
    ),
    ".SH COMMANDS",
    ...commands.flatMap(({ name, usage, summary, details }) => [
      ".TP",
      `\\fBpulsebox ${escape(name)}\\fR ${escape(usage)}`,
      line(`${summary}.`),
      ...details.map((detail) => `.IP\n${line(detail)}`),
    ]),
    ...OPTION_GROUPS.flatMap(optionGroup),
    ".SH EXIT STATUS",
    ...EXIT_STATUS.flatMap(([status, text]) => [".TP", `.B ${status}`, text]),
    ".PP",
    line("The command check follows the rules of Nagios plug-ins: 0, 1, 2 or 3."),
    ".SH ENVIRONMENT",
    line(
      "An option wins over its environment variable, and the variable over the file of --config. Tools also " +
        "read:",
    ),
    ...ENVIRONMENT.flatMap(([name, text]) => [".TP", `.B ${name}`, line(text)]),
    ".SH SIGNALS",
    ".TP\n.B SIGHUP",
    line(
      "A running host reads tokens, certificate, webhooks, stations and expected programs again, and names " +
        "in its log each changed setting that needs a restart.",
    ),
    ".TP\n.B SIGTERM\nA running host ends in good order.",
    ".SH FILES",
    ".TP\n.I /etc/default/pulsebox\nSettings of the service, one variable a line.",
    ".TP\n.I /etc/pulsebox/fleet.nk\nThe host's key for the brokers of its fleet, readable by root only: " +
    "systemd hands it to the service.",
    ".TP\n.I /var/lib/pulsebox\nWhat the service keeps when it is restarted.",
    ".SH SEE ALSO",
    ".BR systemctl (1),",
    ".BR journalctl (1)",
    "",
  ].join("\n");
}

function optionGroup(group: typeof OPTION_GROUPS[number]): string[] {
  const options = OPTION_KEYS.map(optionOf).filter((option) => option.group === group);
  if (options.length === 0) return [];
  return [`.SH ${group.toUpperCase()} OPTIONS`, ...options.flatMap(optionEntry)];
}

function optionEntry(option: Option): string[] {
  const argument = (option as Flag).argument;
  const value = option.default;
  const isShown = typeof value === "string" || typeof value === "number";
  return [
    ".TP",
    `\\fB${escape(spelledFlag(option))}\\fR` +
    (argument === undefined ? "" : ` \\fI${escape(argument)}\\fR`),
    line(`${option.help}${isShown ? ` (default ${value})` : ""} [${environmentName(option)}]`),
  ];
}

/** Text of one line, which must not look like a request. */
function line(text: string): string {
  return escape(text).replace(/^[.']/, "\\&$&");
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
}
