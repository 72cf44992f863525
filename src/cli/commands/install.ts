/**
 * `pulsebox install --heartbeat …`: installs a service on this machine.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { parsePortRanges } from "../../core/port_ranges.ts";
import { OUTGOING_DEFAULT, readPortRanges } from "../../net/libc/kernel_facts.ts";
import {
  copyProgram,
  readIfThere,
  removeIfThere,
  restrict,
  writeWhole,
} from "../../store/installed_files.ts";
import { readSysctlFiles } from "../../store/sysctl_files.ts";
import type { Invocation } from "../command.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { packageAdvice } from "./install/packaged.ts";
import { MARK, PLACES, planFiles, type PlannedFile, SECRET_MODE } from "./install/plan.ts";
import {
  OUTGOING_PORTS_NAME,
  type PortFacts,
  RESERVED_PORTS_NAME,
} from "./install/reserved_ports.ts";
import { runSteps, START_STEPS } from "./install/service_manager.ts";
import { sysctlValueIn } from "./install/sysctl_value.ts";
import { programFile, programForm } from "../launch.ts";
import { optionOf, roleKeys } from "../../appliance/settings/options.ts";
import { pathProblems, withWholePaths } from "../settings/setting_paths.ts";
import type { INSTALL_FLAGS } from "./install/flags.ts";

type Call = Invocation<typeof INSTALL_FLAGS, "host">;

/** Writes the files and starts the service. */
export async function run(call: Call): Promise<number> {
  const { settings, sources, terminal, values } = call;
  if (!roleKeys().some((key) => settings[key]) && settings.fleet.length === 0) {
    const roles = roleKeys().map((key) => `--${optionOf(key).flag}`).join(", ");
    await terminal.complain(
      `pulsebox: No role is turned on: give ${roles} or --all\nTry: pulsebox help install\n`,
    );
    return STATUS_WRONG_USE;
  }
  const root = rootOf(values.root);
  try {
    // With `--root`, the paths belong to another system: do not check them here.
    const problems = root === "" ? pathProblems(settings, sources) : [];
    if (problems.length > 0) {
      await terminal.complain(problems.map((problem) => `pulsebox: ${problem}\n`).join(""));
      return STATUS_WRONG_USE;
    }
    const whole = withWholePaths(settings, sources, Deno.cwd());
    const files = planFiles(whole.settings, whole.sources, await portFacts(root));
    const program = values.program ?? programFile();
    if (program === undefined && programForm() === "package") {
      await terminal.complain(packageAdvice(files, whole.sources));
      return STATUS_WRONG_USE;
    }
    if (values.dryRun === true) await terminal.write(shown(files, root));
    if (program === undefined) {
      await terminal.complain(
        "pulsebox: There is no executable to install: this is the source; name one with --program\n",
      );
      return STATUS_WRONG_USE;
    }
    await refuseForeignFiles(files, root);
    if (values.dryRun === true) return STATUS_DONE;
    await install(files, program, root);
    if (root === "") await runSteps(START_STEPS);
    await terminal.write(conclusion(files, root) + await laterList(files, root));
    return STATUS_DONE;
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
}

/** A root without its trailing slash; empty for this machine. */
export function rootOf(root: string | undefined): string {
  return (root ?? "").replace(/\/+$/, "");
}

/** The kernel knows the ports of the running system; those of an image stand in its files. */
async function portFacts(root: string): Promise<PortFacts> {
  if (root === "") return { ...readPortRanges(), former: await readIfThere(PLACES.ports) };
  const files = (await readSysctlFiles(root)).filter(({ path }) => path !== PLACES.ports);
  const outgoing = parsePortRanges(sysctlValueIn(files, OUTGOING_PORTS_NAME)?.value ?? "");
  const reserved = parsePortRanges(sysctlValueIn(files, RESERVED_PORTS_NAME)?.value ?? "");
  return {
    outgoing: outgoing.length === 0 ? OUTGOING_DEFAULT : outgoing,
    reserved,
    // The files of others never hold ours.
    former: undefined,
  };
}

/** The kernel keeps one list: a file that is read after ours replaces it. */
async function laterList(files: readonly PlannedFile[], root: string): Promise<string> {
  const ours = files.find(({ path }) => path === PLACES.ports);
  if (ours === undefined) return "";
  const last = sysctlValueIn(await readSysctlFiles(root), RESERVED_PORTS_NAME);
  if (last === undefined || last.path === ours.path) return "";
  const wanted = sysctlValueIn([ours], RESERVED_PORTS_NAME)?.value;
  return `${root}${last.path} replaces the reserved ports of ${root}${ours.path} at each start: ` +
    `write ${RESERVED_PORTS_NAME}=${wanted} there\n`;
}

/** A dry run finds them too. */
async function refuseForeignFiles(files: readonly PlannedFile[], root: string): Promise<void> {
  for (const { path } of files) {
    const before = await readIfThere(root + path);
    if (before !== undefined && !before.startsWith(MARK)) {
      throw new Error(
        `Cannot write "${root}${path}": it was not written by pulsebox install, move it away first`,
      );
    }
  }
}

async function install(
  files: readonly PlannedFile[],
  program: string,
  root: string,
): Promise<void> {
  await copyProgram(program, root + PLACES.program);
  // Files of an earlier installation that these settings do not need any more.
  for (const path of [PLACES.rules, PLACES.ports]) {
    if (files.some((file) => file.path === path)) continue;
    if ((await readIfThere(root + path))?.startsWith(MARK)) await removeIfThere(root + path);
  }
  for (const file of files) {
    const path = root + file.path;
    const before = await readIfThere(path);
    // Earlier versions left more open.
    await restrict(path, file.mode);
    await restrict(`${path}.old`, SECRET_MODE);
    if (before === file.text) continue;
    // Keep a backup of what an operator has changed by hand.
    if (before !== undefined) {
      await writeWhole({ path: `${path}.old`, text: before, mode: SECRET_MODE });
    }
    await writeWhole({ ...file, path });
  }
}

function shown(files: readonly PlannedFile[], root: string): string {
  return files.map(({ path, text }) => `==> ${root}${path} <==\n${text}`).join("\n");
}

function conclusion(files: readonly PlannedFile[], root: string): string {
  const paths = [PLACES.program, ...files.map(({ path }) => path)];
  const list = paths.map((path) => `  ${root}${path}\n`).join("");
  const next = root === ""
    ? "It runs now and at every start: systemctl status pulsebox\n" +
      "Its settings are in " + PLACES.environment +
      ": change them, then systemctl restart pulsebox\n"
    : "Nothing was started: this is not the running system\n";
  return `Installed:\n${list}${next}`;
}
