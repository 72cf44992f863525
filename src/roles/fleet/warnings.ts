/**
 * What an operator should know about a host's part in its fleet.
 *
 * @module
 */

import { FLEET_HOSTS_MAX } from "../../core/fleet_picture.ts";
import type { Refusal } from "./viewer.ts";

/** What the role knows of itself. */
export interface FleetCondition {
  readonly fleet: string;
  readonly host: string;
  readonly isDeaf: boolean;
  /** How long ago the fleet was heard, in milliseconds; undefined if never. */
  readonly heardMsAgo: number | undefined;
  /** Why no broker is reached; undefined while one is. */
  readonly reason: string | undefined;
  /** Whether another host tells under the same name. */
  readonly isCloned: boolean;
  /** Why the brokers remember nothing; undefined if they do, or nobody here wants to know. */
  readonly memoryProblem: string | undefined;
  /** Hosts whose messages only a newer Pulsebox understands. */
  readonly newer: number;
  /** The last message of a host that could not be used, for a minute. */
  readonly refusal: Refusal | undefined;
}

/** One sentence for each thing. */
export function fleetWarnings(condition: FleetCondition): string[] {
  const { fleet, host, isDeaf, heardMsAgo, reason, isCloned, memoryProblem, newer, refusal } =
    condition;
  const warnings: string[] = [];
  if (isDeaf) {
    const since = heardMsAgo === undefined
      ? "has not heard the fleet yet"
      : `has not heard the fleet for ${Math.round(heardMsAgo / 1000)} s`;
    warnings.push(`This host ${since}${reason === undefined ? "" : `: ${reason}`}`);
  }
  if (isCloned) {
    warnings.push(`Another host of fleet ${fleet} has the name ${host} too: rename one of them`);
  }
  if (memoryProblem !== undefined) warnings.push(`The fleet has no memory: ${memoryProblem}`);
  if (newer > 0) {
    warnings.push(`${newer} of the fleet's hosts have a newer Pulsebox than this one`);
  }
  if (refusal?.reason === "full") {
    warnings.push(`The fleet has more than ${FLEET_HOSTS_MAX} hosts: the others are not shown`);
  } else if (refusal !== undefined) {
    const { host = "nobody", reason, detail } = refusal;
    warnings.push(`A message of ${host} to the fleet cannot be used, ${reason}: ${detail}`);
  }
  return warnings;
}
