/**
 * Everything that a page needs at its start.
 *
 * @module
 */

import type { Condition, VerdictWord } from "../../core/verdict.ts";
import type { VerdictSaying } from "../../core/verdict_texts.ts";
import { type Host, viewContext } from "../host.ts";
import { type MemberView, type PauseView, viewMember, viewPause } from "../member_view.ts";
import { listed } from "../overview.ts";
import type { GameClient, StandingAlarm, TriggerFigures } from "../panels.ts";
import { type LastRunView, viewLastRun } from "../telling_view.ts";
import { type Troubles, troublesOf } from "../page/words.ts";
import { verdictOf } from "../verdict.ts";

/** The most members whose deadlines are sent; further ones are only counted. */
export const PULSE_MEMBERS_MAX = 2_000;

/** Members of one part of a snapshot: their views take a few milliseconds. */
const PART_MEMBERS = 100;

/** The state of the host as a whole. */
export interface HostSummary {
  verdict: VerdictWord;
  /** The headline's key and values, for a page in any language. */
  saying: VerdictSaying;
  /** The verdict in one English sentence. */
  headline: string;
  troubles: Troubles;
  /** Members in an emergency, lost or gone, that nobody looks after. */
  unhandled: number;
  total: number;
  pause: PauseView | null;
  /** Problems of Pulsebox itself. */
  problems: string[];
  warnings: string[];
  /** The warnings that an operator must confirm. */
  unconfirmed: string[];
  /** Number of webhooks and commands that notify people. */
  ways: number;
  /** The last run of the command for lost members. */
  lastRun: LastRunView | null;
}

/** Everything, at one moment. */
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

const URGENT: ReadonlySet<Condition> = new Set(["emergency", "lost", "gone"]);

/** Judges the host. */
export function summarize(host: Host): HostSummary {
  const { verdict, saying, headline, members } = verdictOf(host);
  return {
    verdict,
    saying,
    headline,
    troubles: troublesOf(members),
    unhandled:
      members.filter(({ state, acknowledgedBy }) => acknowledgedBy === null && URGENT.has(state))
        .length,
    total: host.members.size,
    pause: viewPause(host.members.pause, viewContext(host)),
    problems: host.problems(),
    warnings: host.warnings(),
    unconfirmed: host.unconfirmed(),
    ways: host.telling.ways,
    lastRun: viewLastRun(host),
  };
}

/**
 * A {@linkcode Snapshot} as one event in parts. Views of two thousand members take a tenth of a second,
 * so each part is made when it is asked for; whatever changes meanwhile is told after the snapshot.
 * That of a hundred members is one part, and true for one moment.
 */
export function* snapshotParts(host: Host, version: string): Generator<Uint8Array<ArrayBuffer>> {
  const at = new Date(host.clock.wall()).toISOString();
  const head = JSON.stringify({ version, at, host: summarize(host) });
  let part = `event: snapshot\ndata: ${head.slice(0, -1)},"members":[`;
  const members = listed(host, PULSE_MEMBERS_MAX);
  let separator = "";
  for (let from = 0; from < members.length; from += PART_MEMBERS) {
    if (from > 0) {
      yield encoder.encode(part);
      part = "";
    }
    const context = viewContext(host);
    for (const [roster, member] of members.slice(from, from + PART_MEMBERS)) {
      // Whoever was forgotten meanwhile is not in its roster any more.
      if (roster.get(member.id) !== member) continue;
      part += separator + JSON.stringify(viewMember(roster, member, context));
      separator = ",";
    }
  }
  const { game, trigger, hev } = host.panels;
  const rest = JSON.stringify({
    games: game?.clients() ?? null,
    trigger: trigger?.figures() ?? null,
    alarms: hev?.alarms() ?? null,
  });
  yield encoder.encode(`${part}],${rest.slice(1)}\n\n`);
}

const encoder = new TextEncoder();
