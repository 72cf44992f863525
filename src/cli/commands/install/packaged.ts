/**
 * The service of a Debian package, which is installed before a role is chosen.
 *
 * @module
 */

import type { SettingSource } from "../../settings/settings.ts";
import { environmentFile } from "./environment_file.ts";
import { FILE_KEYS, PLACES, type PlannedFile } from "./plan.ts";
import { SERVICE_NAME, systemdUnit } from "./systemd_unit.ts";

/** Directives by which a role's unit may allow more than the package's unit. */
const ALLOWANCE =
  /^(?:LoadCredential|Environment|ReadWritePaths|AmbientCapabilities|CapabilityBoundingSet|ProtectHome|DeviceAllow|SupplementaryGroups)=/;

/** The package's unit, for any role on usual ports. */
export function packagedUnit(): string {
  return systemdUnit({
    description: "Pulsebox, what is alive and in which state it is",
    program: "/usr/bin/pulsebox",
    environmentFile: PLACES.environment,
    devices: ["char-ttyACM", "char-ttyUSB"],
    bindsLowPort: false,
    credentials: new Map(),
    writablePaths: [],
    readsHome: false,
  });
}

/**
 * Lists what the administrator has to do by hand if a package installed the service.
 *
 * @param files What an installation would write.
 * @param sources Of the settings, as they were resolved.
 */
export function packageAdvice(
  files: readonly PlannedFile[],
  sources: ReadonlyMap<string, SettingSource>,
): string {
  const settings = environmentFile(sources, new Set(FILE_KEYS), {}).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const usual = new Set(packagedUnit().split("\n"));
  const unit = files.find(({ path }) => path === PLACES.unit)?.text ?? "";
  const allowances = unit.split("\n").filter((line) => ALLOWANCE.test(line) && !usual.has(line));
  return [
    "pulsebox: The Debian package has brought the service already.",
    `Write into ${PLACES.environment}:`,
    ...settings.map((line) => `  ${line}`),
    ...allowances.length === 0 ? [] : [
      `Write with: sudo systemctl edit ${SERVICE_NAME}`,
      ...["[Service]", ...allowances].map((line) => `  ${line}`),
    ],
    `Then: sudo systemctl enable ${SERVICE_NAME} && sudo systemctl restart ${SERVICE_NAME}`,
  ].map((line) => `${line}\n`).join("");
}
