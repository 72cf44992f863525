/**
 * The name of this host in its fleet.
 *
 * @module
 */

import { machineName } from "../store/host_names.ts";
import { isFleetToken } from "../wire/fleet/subjects.ts";
import type { FleetSettings } from "./settings.ts";

/**
 * The name from the settings, or else the machine's own.
 *
 * @throws {Error} if it has none; the message is one sentence.
 */
export function fleetHostOf({ fleetHost }: Pick<FleetSettings, "fleetHost">): string {
  if (fleetHost !== undefined) return fleetHost;
  const name = machineName().split(".", 1)[0]?.replaceAll(/[^A-Za-z0-9_-]/g, "-") ?? "";
  if (isFleetToken(name)) return name;
  throw new Error("Cannot join the fleet: this machine has no name; give --fleet-host NAME");
}
