/**
 * The files of an installed service.
 *
 * @module
 */

import { sourceOfHev } from "../../../appliance/hev_source.ts";
import { environmentName } from "../../../appliance/settings/option.ts";
import type { Settings } from "../../../appliance/settings/options.ts";
import { OPTION_KEYS, optionOf, roleKeys } from "../../../appliance/settings/options.ts";
import { pathSettings } from "../../settings/setting_paths.ts";
import type { SettingSource } from "../../settings/settings.ts";
import { wantedPorts } from "../../settings/wanted_ports.ts";
import { environmentFile } from "./environment_file.ts";
import { type PortFacts, reservedPortsFile } from "./reserved_ports.ts";
import { serialDevices, udevRules } from "./serial_access.ts";
import { SERVICE_NAME, systemdUnit } from "./systemd_unit.ts";

/** Where the files go. */
export const PLACES = {
  program: "/usr/local/bin/pulsebox",
  unit: `/etc/systemd/system/${SERVICE_NAME}.service`,
  environment: `/etc/default/${SERVICE_NAME}`,
  rules: `/etc/udev/rules.d/60-${SERVICE_NAME}.rules`,
  ports: `/etc/sysctl.d/60-${SERVICE_NAME}.conf`,
} as const;

/**
 * Where the service keeps its unpacked program: a dynamic user's folder, and systemd's link to it.
 */
export const CACHE_FOLDERS: readonly string[] = [
  `/var/cache/private/${SERVICE_NAME}`,
  `/var/cache/${SERVICE_NAME}`,
];

/** The first line of each of our files, which distinguishes them from other files. */
export const MARK = "# Written by pulsebox install; pulsebox uninstall removes it.";

/** One text file. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Settings that name files which the service reads: root's alone, if that is how they are. */
export const FILE_KEYS = OPTION_KEYS.filter((key) => optionOf(key).path === "file");
/** Readable for root only: others could use it against the operator. */
export const SECRET_MODE = 0o600;
const OPEN_MODE = 0o644;
/** Folders that `ProtectHome` takes away. */
const HOME_FOLDER = /^\/(?:home|root|run\/user)(?:\/|$)/;

/** Ports up to this one need a capability. */
const LOW_PORT_MAX = 1_023;

/**
 * Plans the files for some settings.
 *
 * @param sources Where each setting came from.
 * @param ports What is known of ports.
 * @throws {TypeError} if a setting cannot be written into a file.
 */
export function planFiles(
  settings: Settings,
  sources: ReadonlyMap<string, SettingSource>,
  ports: PortFacts,
): PlannedFile[] {
  const hevSource = settings.hev ? sourceOfHev(settings) : "";
  const roles = roleKeys().filter((key) => settings[key]).map((key) => optionOf(key).flag);
  if (settings.fleet.length > 0) roles.push("fleet");
  const { data } = settings;
  const paths = pathSettings(settings);
  const unit = systemdUnit({
    description: ["Pulsebox", ...roles].join(", "),
    program: PLACES.program,
    environmentFile: PLACES.environment,
    devices: serialDevices(hevSource),
    bindsLowPort: wantedPorts(settings).some(({ port }) => port > 0 && port <= LOW_PORT_MAX),
    writablePaths: data === undefined ? [] : [data],
    credentials: new Map(
      paths.filter(([key]) => FILE_KEYS.includes(key))
        .map(([key, path]) => [environmentName(optionOf(key)), path]),
    ),
    readsHome: paths.some(([key, path]) => !FILE_KEYS.includes(key) && HOME_FOLDER.test(path)),
  });
  const rules = udevRules(hevSource);
  const reserved = reservedPortsFile(wantedPorts(settings).map(({ port }) => port), ports);
  const variables = environmentFile(sources, new Set(FILE_KEYS), {
    data: `/var/lib/${SERVICE_NAME}`,
  });
  return [
    { path: PLACES.unit, text: `${MARK}\n${unit}`, mode: OPEN_MODE },
    {
      path: PLACES.environment,
      text: `${MARK}\n${variables}`,
      // Even without a secret in it, because the operator may add one.
      mode: SECRET_MODE,
    },
    ...(rules === undefined
      ? []
      : [{ path: PLACES.rules, text: `${MARK}\n${rules}`, mode: OPEN_MODE }]),
    ...(reserved === undefined
      ? []
      : [{ path: PLACES.ports, text: `${MARK}\n${reserved}`, mode: OPEN_MODE }]),
  ];
}
