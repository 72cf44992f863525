/**
 * Computes a host's verdict from what the console knows about the host.
 *
 * @module
 */

import type { Condition, JudgedMember, Verdict } from "../core/verdict.ts";
import { judgeHost } from "../core/verdict.ts";
import type { Member, Protocol } from "../core/member.ts";
import type { Host } from "./host.ts";

/**
 * The current verdict.
 *
 * @param without A protocol whose members do not count: a host reports only about itself.
 */
export function verdictOf(host: Host, without?: Protocol): Verdict {
  const { hev, trigger } = host.panels;
  host.members.advance(host.now());
  return judgeHost({
    problems: host.problems(),
    warnings: host.warnings(),
    alarms: hev?.alarms() ?? [],
    members: judgedMembers(host, without),
    phones: trigger?.figures().clients ?? 0,
    isHostPaused: host.members.pause !== undefined,
  });
}

function emergencies({ panels: { game } }: Host): ReadonlySet<string> {
  const clients = game?.clients() ?? [];
  return new Set(clients.filter(({ emergency }) => emergency).map(({ id }) => id));
}

/** The members of a host as the verdict sees them. */
export function* judgedMembers(host: Host, without?: Protocol): Generator<JudgedMember> {
  const inEmergency = emergencies(host);
  const now = host.now();
  const isHostPaused = host.members.pause !== undefined;
  for (const roster of host.members.rosters()) {
    const { protocol } = roster.rules;
    if (protocol === without) continue;
    for (const member of roster.values()) {
      const isEmergency = protocol === "mlf" && inEmergency.has(member.id);
      yield {
        id: `${protocol}/${member.id}`,
        name: member.name,
        station: host.stations.get(member.address) ?? null,
        state: isEmergency ? "emergency" : conditionOf(member, isHostPaused),
        forMs: Math.max(0, Math.round(now - member.since)),
        acknowledgedBy: member.acknowledgement?.by ?? null,
      };
    }
  }
}

function conditionOf({ state, pause }: Member, isHostPaused: boolean): Condition {
  return isHostPaused || pause !== undefined ? "maintenance" : state;
}
