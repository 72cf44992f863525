/**
 * `pulsebox uninstall`: reverses `pulsebox install`.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { formatPortRanges } from "../../core/port_ranges.ts";
import { readPortRanges } from "../../net/libc/kernel_facts.ts";
import { isThere, readIfThere, removeFolder, removeIfThere } from "../../store/installed_files.ts";
import type { Invocation } from "../command.ts";
import { STATUS_DONE, STATUS_FAILED } from "../exit_status.ts";
import { CACHE_FOLDERS, MARK, PLACES } from "./install/plan.ts";
import { RESERVED_PORTS_NAME, withoutOurs } from "./install/reserved_ports.ts";
import { FORGET_STEPS, runSteps, STOP_STEPS, type SystemStep } from "./install/service_manager.ts";
import { SERVICE_NAME } from "./install/systemd_unit.ts";
import { rootOf } from "./install.ts";
import type { UNINSTALL_FLAGS } from "./install/flags.ts";

/** The unit of the Debian package. */
const PACKAGED_UNIT = `/usr/lib/systemd/system/${SERVICE_NAME}.service`;

/** Stops the service and removes its files, but not its data. */
export async function run(
  { terminal, values }: Invocation<typeof UNINSTALL_FLAGS, undefined>,
): Promise<number> {
  const root = rootOf(values.root);
  try {
    const unit = await readIfThere(root + PLACES.unit);
    if (unit === undefined && await isThere(root + PACKAGED_UNIT)) {
      await terminal.complain(
        `pulsebox: The Debian package has brought the service: sudo apt remove ${SERVICE_NAME} removes ` +
          `it, sudo systemctl disable --now ${SERVICE_NAME} only stops it\n`,
      );
      return STATUS_FAILED;
    }
    if (unit === undefined) {
      await terminal.write(`Nothing is installed: there is no ${root}${PLACES.unit}\n`);
      return STATUS_DONE;
    }
    const paths = await ownPaths(root);
    const folders = await cacheFolders(root);
    if (values.dryRun === true) {
      await terminal.write([...paths, ...folders].map((path) => `would remove ${path}\n`).join(""));
      return STATUS_DONE;
    }
    const release = root === "" ? await releaseSteps() : [];
    if (root === "") await runSteps(STOP_STEPS);
    for (const path of paths) await removeIfThere(path);
    for (const folder of folders) await removeFolder(folder);
    if (root === "") await runSteps([...release, ...FORGET_STEPS]);
    await terminal.write(
      `${[...paths, ...folders].map((path) => `removed ${path}\n`).join("")}` +
        `What was kept is still in ${root}/var/lib/${SERVICE_NAME}\n`,
    );
    return STATUS_DONE;
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
}

/** Removes our ports from the kernel's list; other entries stay. */
async function releaseSteps(): Promise<SystemStep[]> {
  const file = await readIfThere(PLACES.ports);
  if (file === undefined || !file.startsWith(MARK)) return [];
  const rest = formatPortRanges(withoutOurs(readPortRanges().reserved, file));
  return [{ words: ["sysctl", "-w", `${RESERVED_PORTS_NAME}=${rest}`], isNeeded: false }];
}

/** Where the service's program unpacked itself. */
async function cacheFolders(root: string): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of CACHE_FOLDERS) {
    if (await isThere(root + folder)) paths.push(root + folder);
  }
  return paths;
}

/** The existing files that are ours; the program counts as ours if the unit is. */
async function ownPaths(root: string): Promise<string[]> {
  const { program, ...texts } = PLACES;
  const paths: string[] = [];
  for (const path of Object.values(texts)) {
    const text = await readIfThere(root + path);
    if (text?.startsWith(MARK)) paths.push(root + path);
  }
  return paths.includes(root + PLACES.unit) ? [...paths, root + program] : paths;
}
