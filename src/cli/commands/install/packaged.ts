/**
 * The service of a Debian package, which is installed before a role is chosen.
 *
 * @module
 */

import { environmentName } from "../../../appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../../appliance/settings/options.ts";
import type { SettingSource } from "../../settings/settings.ts";
import { environmentFile } from "./environment_file.ts";
import { FILE_KEYS, PLACES, type PlannedFile } from "./plan.ts";
import { SERVICE_NAME, systemdUnit } from "./systemd_unit.ts";

/** Directives by which a role's unit may allow more than the package's unit. */
const ALLOWANCE =
  /^(?:LoadCredential|Environment|ReadWritePaths|AmbientCapabilities|CapabilityBoundingSet|ProtectHome|DeviceAllow|SupplementaryGroups)=/;

/** Where the administrator puts what only root reads; the package brings the folder. */
export const SECRETS_FOLDER = "/etc/pulsebox";
/** The host's key for the brokers of its fleet, if it has one. */
export const FLEET_KEY_FILE: string = `${SECRETS_FOLDER}/fleet.nk`;

/** The package's unit, for any role on usual ports. */
export function packagedUnit(): string {
  return systemdUnit({
    description: "Pulsebox, what is alive and in which state it is",
    program: "/usr/bin/pulsebox",
    environmentFile: PLACES.environment,
    devices: ["char-ttyACM", "char-ttyUSB"],
    bindsLowPort: false,
    credentials: new Map(),
    optionalCredentials: new Map([[environmentName(optionOf("fleetKey")), FLEET_KEY_FILE]]),
    manual: "man:pulsebox(1)",
    writablePaths: [],
    readsHome: false,
  });
}

/** The package's settings: a role to begin with, and how the host joins a fleet. */
export function packagedSettings(): string {
  const roles = environmentFile(new Map(), new Set(), {
    heartbeat: "true",
    data: "/var/lib/pulsebox",
  });
  return `# Settings of the service; pulsebox help lists all of them. Then: systemctl restart pulsebox
${roles}
# Settings of a fleet of hosts, each without a value here: take away the # to use it.
# Put this host's key into ${FLEET_KEY_FILE}: sudo install -m 600 HOST.nk ${FLEET_KEY_FILE}
# If the host does not appear: sudo pulsebox doctor --fleet URL --fleet-host NAME --fleet-key ${FLEET_KEY_FILE}
${FLEET_KEYS.flatMap(settingLines).join("\n")}
`;
}

/** The unit names the key's file: the service may not read that itself. */
const FLEET_KEYS = OPTION_KEYS.filter((key) =>
  optionOf(key).group === "Fleet" && key !== "fleetKey"
);

function settingLines(key: typeof FLEET_KEYS[number]): string[] {
  const option = optionOf(key);
  return [`# ${option.help}`, `#${environmentName(option)}=${option.argument ?? "true"}`];
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
