/**
 * A console's answers about its fleet.
 *
 * @module
 */

import { VERDICT_WORDS, type VerdictWord } from "../core/verdict.ts";
import { isRecord } from "./console_answers.ts";

/** The status of a fleet, as a console knows it. */
export interface FleetStatusInfo {
  readonly fleet: string;
  readonly host: string;
  readonly verdict: VerdictWord;
  readonly headline: string;
  readonly deaf: boolean;
  /** The number of hosts in each state. */
  readonly hosts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** A host of a fleet. */
export interface FleetHostInfo {
  readonly host: string;
  readonly label: string | null;
  readonly state: string;
  readonly silentMs: number | null;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly headline: string | null;
}

/** The status of a fleet in an answer; undefined if it holds none. */
export function fleetStatusIn(content: unknown): FleetStatusInfo | undefined {
  const isRight = isRecord(content) && VERDICT_WORDS.some((word) => word === content["verdict"]) &&
    typeof content["headline"] === "string" && typeof content["deaf"] === "boolean" &&
    isRecord(content["hosts"]) && Array.isArray(content["warnings"]);
  return isRight ? content as unknown as FleetStatusInfo : undefined;
}

/** The hosts of a fleet in an answer; undefined if it holds none. */
export function fleetHostsIn(content: unknown): readonly FleetHostInfo[] | undefined {
  return isRecord(content) && Array.isArray(content["hosts"]) ? content["hosts"] : undefined;
}
