/**
 * Computes a host's verdict from what the console knows about the host.
 *
 * @module
 */

import type { Condition, JudgedMember, Verdict } from "../core/verdict.ts";
import { isNamed, judgeHost, noConditions } from "../core/verdict.ts";
import type { Member, Protocol } from "../core/member.ts";
import type { Roster } from "../core/roster.ts";
import type { Host } from "./host.ts";

/**
 * The current verdict.
 *
 * @param without A protocol whose members do not count: a host reports only about itself.
 */
export function verdictOf(host: Host, without?: Protocol): Verdict {
  const { hev, trigger } = host.panels;
  host.members.advance(host.now());
  const members: JudgedMember[] = [];
  const named = noConditions();
  const unnamed = noConditions();
  // A host may have 100 000 members: views are made only of those that are named.
  forEachMember(host, without, (member, condition, roster) => {
    if (!isNamed(condition, named[condition])) unnamed[condition]++;
    else {
      named[condition]++;
      members.push(judgedMember(host, member, condition, roster));
    }
  });
  return judgeHost({
    problems: host.problems(),
    warnings: host.warnings(),
    alarms: hev?.alarms() ?? [],
    members,
    unnamed,
    phones: trigger?.figures().clients ?? 0,
    isHostPaused: host.members.pause !== undefined,
  });
}

/** All members of a host as the verdict sees them, without those of one protocol. */
export function judgedMembers(host: Host, without?: Protocol): JudgedMember[] {
  const members: JudgedMember[] = [];
  forEachMember(host, without, (member, condition, roster) => {
    members.push(judgedMember(host, member, condition, roster));
  });
  return members;
}

function forEachMember(
  host: Host,
  without: Protocol | undefined,
  take: (member: Member, condition: Condition, roster: Roster) => void,
): void {
  const inEmergency = emergencies(host);
  const isHostPaused = host.members.pause !== undefined;
  for (const roster of host.members.rosters()) {
    const { protocol } = roster.rules;
    if (protocol === without) continue;
    for (const member of roster.values()) {
      const isEmergency = protocol === "mlf" && inEmergency.has(member.id);
      const isPaused = isHostPaused || member.pause !== undefined;
      const condition = isPaused ? "maintenance" : roster.stateOf(member);
      take(member, isEmergency ? "emergency" : condition, roster);
    }
  }
}

function emergencies({ panels: { game } }: Host): ReadonlySet<string> {
  const clients = game?.clients() ?? [];
  return new Set(clients.filter(({ emergency }) => emergency).map(({ id }) => id));
}

function judgedMember(
  host: Host,
  member: Member,
  state: Condition,
  roster: Roster,
): JudgedMember {
  return {
    id: `${roster.rules.protocol}/${member.id}`,
    name: member.name,
    station: host.stations.get(member.address) ?? null,
    state,
    forMs: Math.max(0, Math.round(host.now() - roster.sinceOf(member))),
    acknowledgedBy: member.acknowledgement?.by ?? null,
  };
}
