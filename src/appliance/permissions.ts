/**
 * The permissions of a running host: no more than its roles need.
 *
 * @module
 */

import { sourceOfHev } from "./hev_source.ts";
import type { ApplianceSettings } from "./settings.ts";

/** The runtime's permissions that can be given back, in the order of reports. */
export const PERMISSIONS = ["net", "read", "write", "env", "sys", "run", "ffi"] as const;

/** The name of a permission, as in `--allow-NAME`. */
export type PermissionName = typeof PERMISSIONS[number];

/** Why each permission is kept; permissions without an entry are given back. */
export type PermissionPlan = ReadonlyMap<PermissionName, string>;

/** The facts that decide about permissions. */
export type PermissionSettings =
  & Pick<
    ApplianceSettings,
    | "hev"
    | "hevSource"
    | "inputFile"
    | "useDumpData"
    | "useDumpFile"
    | "demo"
    | "data"
    | "state"
    | "tokenFile"
    | "tlsCert"
    | "webhookFile"
    | "webhookSecretFile"
    | "onLost"
  >
  & {
    readonly stateCalibration: string | undefined;
    /** Whether settings come from files. */
    readonly readsFilesAgain?: boolean;
  };

/**
 * Plans the permissions of a host that has started: its ports are open, its settings are read.
 *
 * @param isNotifying Whether a service manager is notified, through a socket in the file system.
 */
export function planPermissions(
  settings: PermissionSettings,
  isNotifying: boolean,
): PermissionPlan {
  const { tokenFile, tlsCert, webhookFile, webhookSecretFile } = settings;
  const hasSecrets = [tokenFile, tlsCert, webhookFile, webhookSecretFile]
    .some((path) => path !== undefined);
  const isSerial = settings.hev && /^serial\b/.test(sourceOfHev(settings));
  const reasons: readonly (readonly [PermissionName, string, boolean])[] = [
    ["net", "peers of the roles, the console", true],
    ["read", "the data folder", settings.data !== undefined],
    ["read", "calibration files", settings.state && settings.stateCalibration !== undefined],
    ["read", "tokens, certificate and secrets", hasSecrets],
    ["read", "settings that SIGHUP reads again", settings.readsFilesAgain === true],
    ["read", "the service manager's socket", isNotifying],
    ["write", "the data folder", settings.data !== undefined],
    ["write", "the service manager's socket", isNotifying],
    ["run", "the command for lost members", settings.onLost !== undefined],
    ["ffi", "the serial port", isSerial],
  ];
  const plan = new Map<PermissionName, string>();
  for (const [name, reason, isNeeded] of reasons) {
    if (!isNeeded) continue;
    const before = plan.get(name);
    plan.set(name, before === undefined ? reason : `${before}, ${reason}`);
  }
  return plan;
}

/** Gives back all permissions that the plan does not keep; this cannot be undone. */
export async function giveBackPermissions(plan: PermissionPlan): Promise<void> {
  for (const name of PERMISSIONS) {
    if (!plan.has(name)) await Deno.permissions.revoke({ name });
  }
}
