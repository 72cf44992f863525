/**
 * The host's metrics in one text.
 *
 * @module
 */

import type { MemberState } from "../core/member.ts";
import { VERDICT_WORDS } from "../core/verdict.ts";
import { type Samples, writeExposition } from "../wire/prometheus/exposition.ts";
import type { Host } from "./host.ts";
import { processMetrics } from "./process_metrics.ts";
import { METRICS } from "./metric_table.ts";
import { verdictOf } from "./verdict.ts";

/**
 * All metrics of a host in Prometheus' text format.
 *
 * @param own Samples of the console itself.
 */
export function renderMetrics(host: Host, version: string, own: Samples): string {
  return writeExposition(METRICS, { ...hostSamples(host, version), ...own });
}

/** All samples of a host: its own, its roles', its members'. */
function hostSamples(host: Host, version: string): Samples {
  const samples: Record<string, number> = {
    [`pulsebox_build_info{version="${version}"}`]: 1,
    pulsebox_host_paused: host.members.pause === undefined ? 0 : 1,
    ...processMetrics(host.clock),
    ...host.metrics(),
    ...memberSamples(host),
    ...verdictSamples(host),
  };
  const now = host.now();
  for (const role of host.roles) {
    samples[`pulsebox_role_up{role="${role.name}"}`] = role.selfCheck(now) === undefined ? 1 : 0;
    Object.assign(samples, role.metrics());
  }
  return samples;
}

function verdictSamples(host: Host): Samples {
  const { verdict } = verdictOf(host);
  return Object.fromEntries(
    VERDICT_WORDS.map((word) => [`pulsebox_verdict{verdict="${word}"}`, word === verdict ? 1 : 0]),
  );
}

/** Counts the members of every protocol by state. */
function memberSamples(host: Host): Samples {
  const samples: Record<string, number> = {};
  host.members.advance(host.now());
  let leases = 0;
  for (const roster of host.members.rosters()) {
    const { protocol } = roster.rules;
    const counts: Record<MemberState, number> = {
      unknown: 0,
      starting: 0,
      ok: 0,
      late: 0,
      lost: 0,
      gone: 0,
    };
    let paused = 0;
    for (const member of roster.values()) {
      counts[roster.stateOf(member)]++;
      if (member.pause !== undefined) paused++;
      if (roster.deadline(member) !== Infinity) leases++;
    }
    for (const [state, count] of Object.entries(counts)) {
      samples[`pulsebox_members{protocol="${protocol}",state="${state}"}`] = count;
    }
    samples[`pulsebox_members_paused{protocol="${protocol}"}`] = paused;
  }
  return { ...samples, pulsebox_leases: leases };
}
