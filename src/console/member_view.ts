/**
 * Members as the console shows them.
 *
 * @module
 */

import type { LastDayView } from "../core/last_day.ts";
import type { Member, MemberState, Pause } from "../core/member.ts";
import type { MemberTags } from "../core/member_tags.ts";
import type { Roster } from "../core/roster.ts";
import type { Watched } from "../core/uptime_account.ts";

/** Maintenance as JSON. */
export interface PauseView {
  reason: string;
  /** ISO 8601, or null if it lasts until somebody ends it. */
  until: string | null;
}

/** A member as JSON. Durations are whole milliseconds. */
export interface MemberView {
  /** `PROTOCOL/IDENTITY`, for instance `hilbert/tetris @ 127.0.0.1`. */
  id: string;
  protocol: string;
  name: string;
  address: string;
  /** The operator's name for the host at this address. */
  station: string | null;
  state: MemberState;
  /** When its state began, ISO 8601. */
  since: string;
  silentMs: number;
  /** The longest silence that it announced. */
  promiseMs: number;
  /** The silence after which it is lost; null if silence never makes it lost. */
  lostAfterMs: number | null;
  /** Time left until its next step towards lost; null if there is none. */
  deadlineInMs: number | null;
  beats: number;
  /** Why it failed; set only while it is lost because of that failure. */
  failure: string | null;
  pause: PauseView | null;
  /** True while it is flapping, so that its outages are no longer reported one by one. */
  flapping: boolean;
  /** Who looks after it; null while nobody does. */
  acknowledgement: AcknowledgementView | null;
  /** The tags by which the operator filters. */
  tags: readonly string[];
  /** The last 24 hours: one letter per half-hour, the current one last; see `STRIP_LETTERS`. */
  strip: string;
  /** The fraction of the last 24 hours in which it was present, 0 to 1; null if no time counts. */
  uptime24h: number | null;
  /** Number of outages in the last 24 hours, including those that began earlier. */
  outages24h: number;
}

/** Who looks after a member, as JSON. */
export interface AcknowledgementView {
  by: string;
  /** May be empty. */
  note: string;
  /** ISO 8601. */
  at: string;
}

/** Names of addresses; only those that the operator gave can be listed. */
export type Stations = Pick<ReadonlyMap<string, string>, "get" | typeof Symbol.iterator>;

/** Both clocks at one moment, and the operator's names for addresses. */
export interface ViewContext {
  /** Listening time in milliseconds. */
  now: number;
  /** Wall time in milliseconds since 1970. */
  wall: number;
  stations: Stations;
  tags: Tags;
  flaps: Flaps;
  uptime: LastDays;
}

/** Returns the operator's tags of members. */
export type Tags = Pick<MemberTags, "of">;

/** Returns the uptime of members in the last 24 hours. */
export interface LastDays {
  lastDay(member: Watched): LastDayView;
}

/** Returns whether members are flapping. */
export interface Flaps {
  isFlapping(id: string): boolean;
}

/** Makes a member's view. */
export function viewMember(roster: Roster, member: Member, context: ViewContext): MemberView {
  const { now, wall, stations, tags, uptime } = context;
  const { acknowledgement: care } = member;
  const { protocol } = roster.rules;
  const deadline = roster.deadline(member);
  const lostAfterMs = roster.limitsOf(member).lost * member.promiseMs;
  const id = `${protocol}/${member.id}`;
  return {
    id,
    protocol,
    name: member.name,
    address: member.address,
    station: stations.get(member.address) ?? null,
    state: roster.stateOf(member),
    since: new Date(wall - (now - roster.sinceOf(member))).toISOString(),
    silentMs: Math.round(now - member.heardAt),
    promiseMs: Math.round(member.promiseMs),
    lostAfterMs: member.beats === 0 || !Number.isFinite(lostAfterMs)
      ? null
      : Math.round(lostAfterMs),
    deadlineInMs: Number.isFinite(deadline) ? Math.max(0, Math.round(deadline - now)) : null,
    beats: member.beats,
    failure: member.failure ?? null,
    pause: viewPause(member.pause, context),
    flapping: context.flaps.isFlapping(id),
    acknowledgement: care === undefined ? null : {
      by: care.by,
      note: care.note,
      at: new Date(wall - (now - care.at)).toISOString(),
    },
    tags: tags.of(roster.ref(member)),
    ...uptime.lastDay({ protocol, id: member.id }),
  };
}

/** A member with what is shown of one alone, as JSON. */
export interface MemberDetail extends MemberView {
  /** Lengths of the last intervals between beats, the newest last. */
  intervalsMs: number[];
}

/** Makes the view of one member with its last beats. */
export function viewMemberDetail(
  roster: Roster,
  member: Member,
  context: ViewContext,
): MemberDetail {
  const intervalsMs = roster.intervalsOf(member).map(Math.round);
  return { ...viewMember(roster, member, context), intervalsMs };
}

/** Makes the view of a maintenance. */
export function viewPause(pause: Pause | undefined, context: ViewContext): PauseView | null {
  if (pause === undefined) return null;
  // The two clocks are not read at the same instant, and nobody means 8:59:59.999.
  const untilWall = Math.round((context.wall + (pause.until - context.now)) / TICK_MS) * TICK_MS;
  // A time later than any date means that it lasts until somebody ends it.
  const until = untilWall < LAST_DATE_MS ? new Date(untilWall).toISOString() : null;
  return { reason: pause.reason, until };
}

/** To how many milliseconds the end of a maintenance is told. */
const TICK_MS = 100;

/** The last moment that a `Date` can represent. */
const LAST_DATE_MS = 8.64e15;
