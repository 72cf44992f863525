/**
 * Shows which permissions a host with these settings keeps once it has started.
 *
 * @module
 */

import { PERMISSIONS, type PermissionSettings, planPermissions } from "../permissions.ts";
import { type Finding, ok } from "./finding.ts";

/** One finding for each permission of the runtime. */
export function examinePermissions(
  settings: PermissionSettings,
  isNotifying: boolean,
): Finding[] {
  const plan = planPermissions(settings, isNotifying);
  return PERMISSIONS.map((name) => {
    const reason = plan.get(name);
    return ok(`--allow-${name}`, reason === undefined ? "given back" : `kept for ${reason}`);
  });
}
