/**
 * What a host shows of its notifications.
 *
 * @module
 */

import type { CommandRun } from "../core/telling.ts";
import type { Host } from "./host.ts";

/** A run of the command for a lost member, as the page and the API show it. */
export interface LastRunView extends Omit<CommandRun, "at"> {
  /** When it ended, ISO 8601. */
  readonly at: string;
}

/** The last run; null before the first one, or if there is no command. */
export function viewLastRun({ telling }: Host): LastRunView | null {
  const { lastRun } = telling;
  return lastRun === undefined ? null : { ...lastRun, at: new Date(lastRun.at).toISOString() };
}
