/**
 * Composes the status lines of a heartbeat server.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import { membersMeant } from "../../core/member_names.ts";
import {
  ambiguousStatus,
  type Duty,
  expectedStatus,
  failedStatus,
  missingStatus,
  multipleStatus,
  recordStatus,
  type RecordView,
  startingStatus,
  STATUS_NOBODY,
  STATUS_NOBODY_MAINTENANCE,
} from "../../wire/hilbert/replies.ts";

/** The applications at one moment, after all due transitions. */
export interface Moment {
  roster: Roster;
  /** Whether the host as a whole is in maintenance. */
  host: Duty;
  /** Listening time in milliseconds. */
  now: number;
}

/** Identities of the applications that the protocol knows, in the order of their registration. */
export function listedIds(roster: Roster): string[] {
  const ids: string[] = [];
  for (const member of roster.values()) if (member.listed) ids.push(member.id);
  return ids;
}

/** Status of one application. */
export function statusOf(id: string, moment: Moment): string {
  const member = moment.roster.get(id);
  if (member === undefined) return missingStatus(id, moment.host);
  return memberStatus(member, moment);
}

/**
 * Status of the application with a name, among all applications of the host: the one on the
 * asker's own station, or else the only one.
 *
 * @param id The identity that the asker's own application would have.
 */
export function statusOfMeant(
  name: string,
  id: string,
  moment: Moment,
  stations: ReadonlyMap<string, string>,
): string {
  const own = moment.roster.get(id);
  if (own !== undefined) return memberStatus(own, moment);
  const meant = membersMeant(name, moment.roster.values(), ({ address }) => stations.get(address));
  const [first] = meant;
  if (first === undefined) return missingStatus(id, moment.host);
  return meant.length === 1 ? memberStatus(first, moment) : ambiguousStatus(idsOf(meant));
}

/** Status when the request names no application. */
export function overallStatus(moment: Moment): string {
  const listed: Member[] = [];
  const silent: Member[] = [];
  for (const member of moment.roster.values()) {
    if (member.listed) listed.push(member);
    else if (member.pause !== undefined || isExpected(member)) silent.push(member);
  }
  // Nobody asks for an application that never sent anything, so tell whoever asks for all.
  const missing = silent.filter((member) =>
    member.state === "lost" && dutyOf(member, moment) === "watched"
  );
  if (missing.length > 0) return expectedStatus(idsOf(missing));
  // The reference server knows only applications that were heard; expected ones count only when
  // no application was heard.
  const members = listed.length > 0 ? listed : silent;
  const [first] = members;
  if (first === undefined) {
    return moment.host === "maintenance" ? STATUS_NOBODY_MAINTENANCE : STATUS_NOBODY;
  }
  const alarming = members.filter((member) => dutyOf(member, moment) === "watched");
  if (members === silent) return silentStatus(first, silent, alarming, moment);
  if (members.length === 1) return memberStatus(first, moment);
  return multipleStatus(idsOf(members), alarming.length === 0 ? "maintenance" : "watched");
}

/** None of these raises an alarm: each is within its grace period, or in maintenance. */
function silentStatus(first: Member, all: Member[], alarming: Member[], moment: Moment): string {
  if (all.length === 1) return memberStatus(first, moment);
  return multipleStatus(idsOf(all), alarming.length > 0 ? "starting" : "maintenance");
}

function memberStatus(member: Member, moment: Moment): string {
  const duty = dutyOf(member, moment);
  if (member.failure !== undefined) {
    return failedStatus(view(member, moment), member.failure, duty);
  }
  if (member.listed) return recordStatus(view(member, moment), duty);
  const isStarting = duty === "watched" && member.state === "starting";
  return isStarting ? startingStatus(view(member, moment)) : missingStatus(member.id, duty);
}

/** Announced, and not heard since. */
function isExpected(member: Member): boolean {
  return member.beats === 0 && (member.state === "starting" || member.state === "lost");
}

function dutyOf(member: Member, moment: Moment): Duty {
  return member.pause === undefined ? moment.host : "maintenance";
}

function view(member: Member, { roster, now }: Moment): RecordView {
  const { id, heardAt, promiseMs } = member;
  return { id, silentMs: now - heardAt, promiseMs, limits: roster.limitsOf(member) };
}

function idsOf(members: readonly Member[]): string[] {
  return members.map((member) => member.id);
}
