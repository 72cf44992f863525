/**
 * What an operator should know about a host's part in its fleet.
 *
 * @module
 */

import { FLEET_HOSTS_MAX } from "../../core/fleet_picture.ts";
import type { Refusal } from "./viewer.ts";

/** What the role knows about its own part. */
export interface FleetCondition {
  readonly fleet: string;
  readonly host: string;
  readonly isDeaf: boolean;
  /** Whether this host has heard the fleet in this run. */
  readonly hasHeard: boolean;
  /** Why no broker can be reached; undefined while one is connected. */
  readonly reason: string | undefined;
  /** Whether another host publishes under the same name. */
  readonly isCloned: boolean;
  /** Whether the key of this host lets it hear the others; true if it does not need to. */
  readonly mayView: boolean;
  /** Why the brokers keep nothing, as far as this host should complain; undefined if they do. */
  readonly memoryProblem: string | undefined;
  /** Number of hosts whose messages only a newer Pulsebox understands. */
  readonly newer: number;
  /** The last message that could not be used; kept for a minute. */
  readonly refusal: Refusal | undefined;
}

/** One sentence for each problem. */
export function fleetWarnings(condition: FleetCondition): string[] {
  const {
    fleet,
    host,
    isDeaf,
    hasHeard,
    reason,
    isCloned,
    mayView,
    memoryProblem,
    newer,
    refusal,
  } = condition;
  const warnings: string[] = [];
  if (isDeaf) {
    // With a duration in it, it would be another sentence each second.
    const how = hasHeard ? "does not hear the fleet any more" : "has not heard the fleet yet";
    warnings.push(`This host ${how}${reason === undefined ? "" : `: ${reason}`}`);
  }
  if (isCloned) {
    warnings.push(`Another host in fleet ${fleet} is also named ${host}: rename one of them`);
  }
  // Without that right, it may not read what the brokers keep either.
  if (!mayView && !isDeaf) {
    warnings.push(
      `The key of this host may not watch the fleet: name ${host} in --consoles of ` +
        "pulsebox fleet plan",
    );
  } else if (memoryProblem !== undefined) {
    warnings.push(`The fleet has no memory: ${memoryProblem}`);
  }
  if (newer > 0) {
    const hosts = newer === 1 ? "1 host of the fleet runs" : `${newer} hosts of the fleet run`;
    warnings.push(`${hosts} a newer Pulsebox than this one`);
  }
  if (refusal !== undefined) warnings.push(refusalSentence(refusal));
  return warnings;
}

/** One sentence about a message that was not used. */
export function refusalSentence({ host = "an unknown host", reason, detail }: Refusal): string {
  if (reason === "full") {
    return `The fleet has more than ${FLEET_HOSTS_MAX} hosts: the others are not shown`;
  }
  if (reason === "too many") {
    return `Not all that ${host} sends to the fleet is read: ${detail}. If that lasts, somebody ` +
      "else may have its key";
  }
  return `A message from ${host} to the fleet cannot be used, ${reason}: ${detail}`;
}
