/**
 * Settings that are read again while the host runs.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { ApplianceSettings } from "./settings.ts";

/** Settings that take effect without a start. */
export type ReadAgainSettings = Pick<ApplianceSettings, "heartbeatStations" | "heartbeatExpect">;

/** Gives the stations their names in place: whoever shows them holds this map. */
export function nameStations(stations: Map<string, string>, settings: ReadAgainSettings): void {
  stations.clear();
  for (const { address, name } of settings.heartbeatStations) stations.set(address, name);
}

/** Says for whom there is no room. */
export function tellFull(ids: readonly string[], log: Logger): void {
  for (const id of ids) log.error("Cannot watch expected application {id}: no room", { id });
}
