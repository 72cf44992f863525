/**
 * The files of an installed service.
 *
 * @module
 */

import { sourceOfHev } from "../../appliance/hev_source.ts";
import { environmentName } from "../option.ts";
import type { Settings } from "../options.ts";
import { optionOf, roleKeys } from "../options.ts";
import type { SettingSource } from "../settings.ts";
import { environmentFile } from "./environment_file.ts";
import { serialDevices, udevRules } from "./serial_access.ts";
import { SERVICE_NAME, systemdUnit } from "./systemd_unit.ts";

/** Where the files go. */
export const PLACES = {
  program: "/usr/local/bin/pulsebox",
  unit: `/etc/systemd/system/${SERVICE_NAME}.service`,
  environment: `/etc/default/${SERVICE_NAME}`,
  rules: `/etc/udev/rules.d/60-${SERVICE_NAME}.rules`,
} as const;

/** Tells our files from those of others; each begins with it. */
export const MARK = "# Written by pulsebox install; pulsebox uninstall removes it.";

/** One text file. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Settings that name files of secrets. */
const SECRET_KEYS = ["tokenFile", "tlsCert", "tlsKey", "webhookSecretFile"] as const;

/** Ports up to this one need a capability. */
const LOW_PORT_MAX = 1_023;

/**
 * Plans the files for some settings.
 *
 * @param sources Where each setting came from.
 * @throws {TypeError} if a setting cannot be written into a file.
 */
export function planFiles(
  settings: Settings,
  sources: ReadonlyMap<string, SettingSource>,
): PlannedFile[] {
  const hevSource = settings.hev ? sourceOfHev(settings) : "";
  const roles = roleKeys().filter((key) => settings[key]).map((key) => optionOf(key).flag);
  const { data, stateCalibration } = settings;
  const unit = systemdUnit({
    description: `Pulsebox, ${roles.join(", ")}`,
    program: PLACES.program,
    environmentFile: PLACES.environment,
    devices: serialDevices(hevSource),
    bindsLowPort: portsOf(settings).some((port) => port > 0 && port <= LOW_PORT_MAX),
    writablePaths: data === undefined ? [] : [data],
    credentials: new Map(
      SECRET_KEYS.flatMap((key) => {
        const path = settings[key];
        return path === undefined ? [] : [[environmentName(optionOf(key)), path] as const];
      }),
    ),
    readsHome: [data, stateCalibration].some((path) => path?.startsWith("/home/")),
  });
  const rules = udevRules(hevSource);
  const variables = environmentFile(sources, new Set(SECRET_KEYS), {
    data: `/var/lib/${SERVICE_NAME}`,
  });
  return [
    { path: PLACES.unit, text: `${MARK}\n${unit}`, mode: 0o644 },
    { path: PLACES.environment, text: `${MARK}\n${variables}`, mode: 0o644 },
    ...(rules === undefined
      ? []
      : [{ path: PLACES.rules, text: `${MARK}\n${rules}`, mode: 0o644 }]),
  ];
}

function portsOf(settings: Settings): number[] {
  return [
    ...(settings.heartbeat ? [settings.heartbeatPort] : []),
    ...(settings.trigger ? [settings.triggerPort] : []),
    ...(settings.hev ? [settings.hevWebPort, settings.hevNativePort, settings.hevQueryPort] : []),
    ...(settings.state
      ? [settings.statePort, settings.statePublisherPort, settings.stateSubscriberPort]
      : []),
    ...(settings.console ? [settings.consolePort] : []),
  ];
}
