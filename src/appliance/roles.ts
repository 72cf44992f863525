/**
 * The roles of a host.
 *
 * @module
 */

import type { FleetRole } from "../roles/fleet/role.ts";
import type { HeartbeatRole } from "../roles/heartbeat/role.ts";
import type { HevRole } from "../roles/hev/role.ts";
import type { StateRole } from "../roles/state/role.ts";
import type { TriggerRole } from "../roles/trigger/role.ts";
import type { FleetContext } from "./fleet.ts";
import type { RoleContext } from "./heartbeat.ts";
import type { ApplianceSettings } from "./settings.ts";

/** One of the roles, discriminated by its name. */
export type AnyRole = HeartbeatRole | TriggerRole | HevRole | StateRole | FleetRole;

/**
 * Opens the rosters of the roles that the settings turn on; returns a function that listens once
 * earlier records are restored. The code of the other roles is not loaded, which saves 8 MB of
 * memory.
 */
export async function prepareRoles(
  settings: ApplianceSettings,
  context: RoleContext & Pick<FleetContext, "host" | "consoleUrls" | "voice" | "outbox">,
): Promise<(() => AnyRole)[]> {
  const starts: (() => AnyRole)[] = [];
  if (settings.heartbeat) {
    const { prepareHeartbeat } = await import("./heartbeat.ts");
    starts.push(await prepareHeartbeat(settings, context));
  }
  if (settings.trigger) {
    const { prepareTrigger } = await import("./trigger.ts");
    starts.push(
      await prepareTrigger(settings, { ...context, log: context.log.getChild("trigger") }),
    );
  }
  if (settings.hev) {
    const { prepareHev } = await import("./hev.ts");
    starts.push(await prepareHev(settings, context));
  }
  if (settings.state) {
    const { prepareState } = await import("./state.ts");
    starts.push(await prepareState(settings, context));
  }
  if (settings.fleet.length > 0) {
    const { prepareFleet } = await import("./fleet.ts");
    starts.push(prepareFleet(settings, { ...context, log: context.log.getChild("fleet") }));
  }
  return starts;
}
