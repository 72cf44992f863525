/**
 * What an operator should know about a host's part in its fleet.
 *
 * @module
 */

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
}

/** One sentence for each thing. */
export function fleetWarnings(condition: FleetCondition): string[] {
  const { fleet, host, isDeaf, heardMsAgo, reason, isCloned, memoryProblem, newer } = condition;
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
  return warnings;
}
