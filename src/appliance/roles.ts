/**
 * The roles of a host.
 *
 * @module
 */

import type { Events } from "../core/events.ts";
import type { Role } from "../roles/role.ts";
import type { RoleContext } from "./heartbeat.ts";
import type { ApplianceSettings } from "./settings.ts";

/**
 * Opens the rosters of the roles that the settings turn on; what it returns listens, when earlier
 * records are back. The code of the other roles is not loaded: it would take 8 MB of memory.
 */
export async function prepareRoles(
  settings: ApplianceSettings,
  context: RoleContext & { readonly events: Events },
): Promise<(() => Role)[]> {
  const starts: (() => Role)[] = [];
  if (settings.heartbeat) {
    const { prepareHeartbeat } = await import("./heartbeat.ts");
    starts.push(prepareHeartbeat(settings, context));
  }
  if (settings.trigger) {
    const { prepareTrigger } = await import("./trigger.ts");
    starts.push(prepareTrigger(settings, { ...context, log: context.log.getChild("trigger") }));
  }
  if (settings.hev) {
    const { prepareHev } = await import("./hev.ts");
    starts.push(prepareHev(settings, context));
  }
  if (settings.state) {
    const { prepareState } = await import("./state.ts");
    starts.push(prepareState(settings, context));
  }
  return starts;
}
