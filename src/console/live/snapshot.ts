/**
 * Everything that a page needs to begin with.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { MemberView, PauseView } from "../member_view.ts";
import { overview } from "../overview.ts";
import type { GameClient, StandingAlarm, TriggerFigures } from "../panels.ts";

/** Members whose deadlines are followed; the rest is only counted. */
export const PULSE_MEMBERS_MAX = 2_000;

/** How the host as a whole is. */
export interface HostSummary {
  attention: number;
  total: number;
  pause: PauseView | null;
  /** What is wrong with Pulsebox itself. */
  problems: string[];
  warnings: string[];
}

/** Everything at one moment. */
export interface Snapshot {
  version: string;
  /** Wall time, ISO 8601. */
  at: string;
  host: HostSummary;
  /** At most {@linkcode PULSE_MEMBERS_MAX}; those that need attention come first. */
  members: MemberView[];
  games: GameClient[] | null;
  trigger: TriggerFigures | null;
  alarms: StandingAlarm[] | null;
}

/** Counts the members, and says what is wrong with the host. */
export function summarize(host: Host): HostSummary {
  const { attention, total, pause } = overview(host, 0);
  return { attention, total, pause, problems: host.problems(), warnings: host.warnings() };
}

/** Makes a snapshot. */
export function makeSnapshot(host: Host, version: string): Snapshot {
  const { members, ...counts } = overview(host, PULSE_MEMBERS_MAX);
  const { game, trigger, hev } = host.panels;
  return {
    version,
    at: new Date(host.clock.wall()).toISOString(),
    host: { ...counts, problems: host.problems(), warnings: host.warnings() },
    members,
    games: game?.clients() ?? null,
    trigger: trigger?.figures() ?? null,
    alarms: hev?.alarms() ?? null,
  };
}
