/**
 * Pages that are made from the code: every setting and command, and every limit.
 *
 *     deno task reference
 *
 * writes `docs/reference.md`, `docs/limits.md`, `docs/hev-names.md` and `docs/performance.md` (of the
 * last release's figures); a test fails when they are older than the code.
 *
 * @module
 */

import { COMMANDS } from "../../src/cli/command_table.ts";
import {
  environmentName,
  fileKey,
  OPTION_GROUPS,
  spelledFlag,
} from "../../src/appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../src/appliance/settings/options.ts";
import { type Flag, HELP_FLAG } from "../../src/appliance/settings/flag.ts";
import { hevNamesPage } from "./hev_names.ts";
import { readReport, type Report } from "../bench/report.ts";
import { findLimits } from "./limits.ts";
import { performancePage, REPORT } from "./performance.ts";

const ROOT = new URL("../../", import.meta.url);

/** The pages by path, as `deno fmt` leaves them. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["docs/reference.md", await formatted(referencePage())],
    ["docs/limits.md", await formatted(await limitsPage())],
    ["docs/hev-names.md", await formatted(hevNamesPage())],
    ["docs/performance.md", await formatted(performancePage(lastRelease()))],
  ]);
}

function lastRelease(): Report {
  const report = readReport(new URL(REPORT, ROOT));
  if (report === undefined) {
    throw new Error(`Cannot write docs/performance.md: ${REPORT} is missing`);
  }
  return report;
}

/** Words for what SIGHUP reads. */
const READ_AGAIN = {
  setting: "**SIGHUP**",
  content: "**SIGHUP** (what is in it)",
} as const;

function referencePage(): string {
  const groups = OPTION_GROUPS.flatMap((group) => {
    const options = OPTION_KEYS.map(optionOf).filter((option) => option.group === group);
    if (options.length === 0) return [];
    const rows = options.map((option) => [
      code(`${spelledFlag(option)}${option.argument === undefined ? "" : ` ${option.argument}`}`),
      code(environmentName(option)),
      option.notInFile ? "" : code(fileKey(option)),
      defaultOf(option.default),
      [
        option.help + (option.choices === undefined ? "" : `: ${option.choices.join(", ")}`),
        ...(option.alias === undefined ? [] : [`also ${option.alias.map(code).join(", ")}`]),
        ...(option.aliasAlone === undefined ? [] : [
          `${
            option.aliasAlone.names.map(code).join(", ")
          } with \`--${option.aliasAlone.role}\` alone`,
        ]),
        ...(option.readAgain === undefined ? [] : [READ_AGAIN[option.readAgain]]),
      ].join("; "),
    ]);
    return [`## ${group}\n\n${table(["flag", "environment", "file", "default", "what"], rows)}`];
  });
  const commands = COMMANDS.filter(({ name }) => name !== "serve").map((face) => {
    const flags = [...Object.values(face.flags), HELP_FLAG.help].map((flag: Flag) => [
      code(
        `${flag.short === undefined ? "" : `-${flag.short}, `}--${flag.flag}` +
          (flag.argument === undefined ? "" : ` ${flag.argument}`),
      ),
      flag.help,
    ]);
    return `### pulsebox ${face.name}\n\n${face.summary}.\n\n\`\`\`text\npulsebox ${face.name} ` +
      `${face.usage}\n\`\`\`\n\n${face.details.map((text) => `${escape(text)}\n\n`).join("")}` +
      table(["option", "what"], flags) +
      (face.settings === undefined
        ? ""
        : `\nAlso takes settings as flags: \`pulsebox help ${face.name}\` lists which.\n`);
  });
  return "# Reference\n\nAll settings, then all [commands](#commands). A setting can be given as a flag, in " +
    "the environment, or in the JSON file of `--config`. A flag wins over the environment, the " +
    "environment over the file, the file over the default. Durations are written `500ms`, `10s`, `2m`, " +
    "`1h` or `7d`.\n\nChanged settings take effect at the next start. Those marked **SIGHUP** also do " +
    "when a running host gets that signal, if they stand in a file.\n\n`deno task reference` makes this " +
    "page from the sources.\n\n" +
    `${groups.join("\n")}\n## Commands\n\n${commands.join("\n")}`;
}

/** What each folder of `src/` is for a reader who looks for a limit. */
const LIMIT_SECTIONS: Readonly<Record<string, string>> = {
  roles: "Roles",
  core: "Members, leases and verdicts",
  console: "Page and API",
  appliance: "Settings, notifications and the doctor",
  store: "What is kept on disk",
  net: "Network, serial ports and the system",
  wire: "Protocols",
  clients: "Clients of the library",
  cli: "Command line",
};

async function limitsPage(): Promise<string> {
  const limits = await findLimits(new URL("src/", ROOT));
  const unknown = limits.find(({ path }) => !(folderOf(path) in LIMIT_SECTIONS));
  if (unknown !== undefined) throw new Error(`${unknown.path} has no section among the limits`);
  const sections = Object.entries(LIMIT_SECTIONS).map(([folder, title]) => {
    const rows = limits.filter(({ path }) => folderOf(path) === folder)
      .map(({ name, value, path, text }) => [escape(text), value, code(name), code(path)]);
    return `## ${title}\n\n${table(["what is limited", "to", "name", "in `src/`"], rows)}`;
  });
  return "# Limits\n\nEvery queue, map, buffer and wait has a limit. This page lists the fixed ones; " +
    "those that you can set are in the [reference](reference.md). `deno task reference` makes this " +
    `page from the sources.\n\n${sections.join("\n")}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.indexOf("/"));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

function code(text: string): string {
  return `\`${text}\``;
}

function escape(text: string): string {
  return text.replace(/[<>*_]/g, "\\$&");
}

function defaultOf(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  return code(String(value));
}

async function formatted(markdown: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext=md", `--config=${new URL("deno.json", ROOT).pathname}`, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("Cannot format a page: deno fmt failed");
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  for (const [path, text] of await generatedPages()) {
    await Deno.writeTextFile(new URL(path, ROOT), text);
    console.log(path);
  }
}
