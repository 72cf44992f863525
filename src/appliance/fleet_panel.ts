/**
 * The panel through which the console shows the fleet.
 *
 * @module
 */

import type {
  FleetFinding,
  FleetHost,
  FleetHostDetail,
  FleetMember,
  FleetPanel,
} from "../console/panels.ts";
import type { Clock } from "../core/clock.ts";
import { FirstFew } from "../core/first_few.ts";
import type { Member } from "../core/member.ts";
import type { PicturedHost } from "../core/fleet_picture.ts";
import { compareNames } from "../core/name_order.ts";
import { CONDITIONS } from "../core/verdict.ts";
import { judgeFleet } from "../core/fleet_verdict.ts";
import type { Roster } from "../core/roster.ts";
import type { FleetRole } from "../roles/fleet/role.ts";
import type { Viewer } from "../roles/fleet/viewer.ts";
import { isFleetViolation } from "../wire/fleet/fields.ts";
import { decodeDocument } from "../wire/fleet/host_document.ts";

/** The states of a host, the worst first. */
const STATES = ["lost", "gone", "late", "unknown", "starting", "maintenance", "ok"] as const;

/** Makes the panel of a role that keeps a picture of the fleet. */
export function fleetPanel(role: FleetRole, viewer: Viewer, clock: Clock): FleetPanel {
  const { now } = role;
  const { roster } = viewer;
  const isoAt = (at: number) => new Date(clock.wall() - (now() - at)).toISOString();
  const moment = (): Moment => ({ now: now(), isoAt, roster });
  const view = (member: Member): FleetHost =>
    viewHost(member, viewer.picture.get(member.id), moment());
  return {
    status() {
      const hosts = Object.fromEntries(STATES.map((state) => [state, 0]));
      for (const member of roster.values()) {
        const state = stateOf(member, roster);
        hosts[state] = (hosts[state] ?? 0) + 1;
      }
      return {
        fleet: role.fleet,
        host: role.host,
        ...judgeFleet([...roster.values()].map(view), role.isDeaf),
        deaf: role.isDeaf,
        heardMsAgo: role.heardAt === undefined ? null : Math.round(now() - role.heardAt),
        broker: role.server ?? null,
        hosts: hosts as Record<typeof STATES[number], number>,
        warnings: role.warnings(),
      };
    },
    hosts: () =>
      [...roster.values()].map(view).sort((one, other) =>
        STATES.indexOf(one.state) - STATES.indexOf(other.state) ||
        compareNames(one.label ?? "", other.label ?? "") || compareNames(one.host, other.host)
      ),
    host(name) {
      const member = roster.get(name);
      if (member === undefined) return undefined;
      const pictured = viewer.picture.get(name);
      return { ...view(member), ...membersOf(member, pictured, moment()) };
    },
    *find(text, limit) {
      const wanted = text.toLowerCase();
      const found = new FirstFew<FleetFinding>(limit, byState);
      for (const member of roster.values()) {
        const pictured = viewer.picture.get(member.id);
        const url = pictured?.document?.url ?? null;
        for (const each of membersOf(member, pictured, moment()).members) {
          const { id, name, station } = each;
          const isFound = [id, name, station ?? ""].some((one) =>
            one.toLowerCase().includes(wanted)
          );
          if (isFound) found.add({ ...each, host: member.id, url });
          yield;
        }
      }
      return { members: found.list(), total: found.total };
    },
    forget: (name) => viewer.forget(name),
    listen: (listener) => role.listen(listener),
  };
}

interface Moment {
  readonly now: number;
  readonly isoAt: (at: number) => string;
  readonly roster: Roster;
}

function viewHost(
  member: Member,
  pictured: PicturedHost | undefined,
  { now, isoAt, roster }: Moment,
): FleetHost {
  const { beat, document } = pictured ?? {};
  // Take the beat or the document, whichever is newer.
  const isBeatNewer = beat !== undefined &&
    (document === undefined || beat.epoch > document.epoch ||
      (beat.epoch === document.epoch && beat.seq >= document.seq));
  const newest = isBeatNewer ? beat : document;
  return {
    host: member.id,
    label: document?.label ?? null,
    state: stateOf(member, roster),
    since: isoAt(roster.sinceOf(member)),
    silentMs: member.beats === 0 ? null : Math.round(now - member.heardAt),
    verdict: newest?.verdict ?? null,
    headline: document?.headline ?? null,
    counts: newest?.counts ?? null,
    url: document?.url ?? null,
    version: document?.version ?? null,
  };
}

/**
 * The members of a host. While a host is not heard, nothing is known about its members: perhaps
 * only the network between us and a healthy hall is down.
 */
function membersOf(
  member: Member,
  pictured: PicturedHost | undefined,
  { now, isoAt, roster }: Moment,
): Pick<FleetHostDetail, "members" | "omitted"> {
  if (pictured?.document === undefined) return { members: [], omitted: 0 };
  const document = decodeDocument(pictured.document.bytes);
  if (isFleetViolation(document)) return { members: [], omitted: 0 };
  const agedMs = Math.max(0, now - pictured.document.writtenAt);
  const state = roster.stateOf(member);
  const isHeard = state === "ok" || state === "late";
  const members = document.members.map((each): FleetMember =>
    isHeard ? { ...each, forMs: Math.round(each.forMs + agedMs) } : {
      ...each,
      state: "unknown",
      forMs: Math.round(now - member.heardAt),
      lastState: each.state,
      unknownSince: isoAt(member.heardAt),
    }
  );
  const total = Object.values(document.counts).reduce((sum, count) => sum + count, 0);
  return { members, omitted: Math.max(0, total - members.length) };
}

function byState(one: FleetFinding, other: FleetFinding): number {
  return CONDITIONS.indexOf(one.state) - CONDITIONS.indexOf(other.state) ||
    compareNames(one.name, other.name) || compareNames(one.host, other.host);
}

function stateOf(member: Member, roster: Roster): FleetHost["state"] {
  return member.pause === undefined ? roster.stateOf(member) : "maintenance";
}
