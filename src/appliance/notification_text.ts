/**
 * Notifications as JSON, with a sentence for people in it.
 *
 * @module
 */

import type { MemberRef } from "../core/member.ts";
import type { EndCause, Notice, NoticeKind } from "../core/notices.ts";
import { nameOf } from "../core/notices.ts";
import { plainText } from "./plain_text.ts";

/** The most names in the sentence; further ones are counted. */
const NAMES_MAX = 5;
/** The most places of a fleet's hosts in the sentence; hosts at further ones are counted. */
const PLACES_MAX = 3;

/** What the text needs to know about the host. */
export interface NotificationContext {
  /** The host's own name. */
  readonly host: string;
  readonly stations: ReadonlyMap<string, string>;
  /** Converts listening time to unix time, both in milliseconds. */
  readonly wallOf: (at: number) => number;
}

/** Writes a message about notices of one kind. */
export function composeNotification(
  context: NotificationContext,
  id: string,
  kind: NoticeKind,
  notices: readonly Notice[],
): string {
  const at = Math.max(...notices.map((notice) => notice.at));
  return JSON.stringify({
    id,
    type: kind,
    at: iso(context, at),
    host: context.host,
    text: sentenceOf(context, kind, notices),
    items: notices.map((notice) => itemOf(context, notice)),
  });
}

/** Writes a test message, which is about no member. */
export function composeTest(
  { host, wallMs }: { readonly host: string; readonly wallMs: number },
  id: string,
): string {
  return JSON.stringify({
    id,
    type: "test",
    at: new Date(wallMs).toISOString(),
    host,
    text: `This is a test: notifications arrive (${plainText(host)})`,
    items: [],
  });
}

function itemOf(context: NotificationContext, notice: Notice): object {
  const { id, at, member, place, silentMs, downMs, endCause, reason, alarm, priority } = notice;
  return {
    id,
    at: iso(context, at),
    ...(member === undefined ? {} : { member: memberOf(context, member, place) }),
    ...(silentMs === undefined ? {} : { silentMs: Math.round(silentMs) }),
    ...(downMs === undefined ? {} : { downMs: Math.round(downMs) }),
    ...(endCause === undefined ? {} : { endCause }),
    ...(reason === undefined ? {} : { reason }),
    ...(alarm === undefined ? {} : { alarm, priority }),
  };
}

function memberOf(
  { stations }: NotificationContext,
  member: MemberRef,
  place: string | undefined,
): object {
  const { protocol, name, address } = member;
  const station = stations.get(address) ?? place ?? null;
  return { id: nameOf(member), protocol, name, address, station };
}

function sentenceOf(
  context: NotificationContext,
  kind: NoticeKind,
  notices: readonly Notice[],
): string {
  const { host, stations } = context;
  const areHosts = notices.every(({ member }) => member?.protocol === "fleet");
  if (areHosts && notices.length > 1) return hostsSentence(context, kind, notices);
  const names = notices.map(({ member, alarm, place }) => {
    if (member === undefined) return plainText(alarm ?? "");
    const where = stations.get(member.address) ?? place ?? member.address;
    // The address of a fleet's host is its name.
    return where === member.name
      ? shownName(member)
      : `${shownName(member)} at ${plainText(where)}`;
  });
  return `${listOf(names)} ${verbOf(kind, notices)} (${plainText(host)})`;
}

/** Hosts of a fleet that share a message share a place more often than not: a hall, or a switch. */
function hostsSentence(
  { host, stations }: NotificationContext,
  kind: NoticeKind,
  notices: readonly Notice[],
): string {
  const places = Map.groupBy(
    notices,
    ({ member, place }) => stations.get(member?.address ?? "") ?? place ?? "",
  );
  const known = [...places].filter(([place]) => place !== "")
    .map(([place, { length }]) => ({ place: plainText(place), length }))
    .sort((one, other) => other.length - one.length || (one.place < other.place ? -1 : 1));
  const shown = known.slice(0, PLACES_MAX);
  const elsewhere = notices.length - shown.reduce((sum, { length }) => sum + length, 0);
  const [first] = shown;
  const parts = shown.map(({ place, length }) => `${length} at ${place}`);
  if (elsewhere > 0) parts.push(`${elsewhere} elsewhere`);
  const isOnePlace = first?.length === notices.length;
  const where = isOnePlace ? ` at ${first?.place}` : "";
  const shares = isOnePlace || first === undefined ? "" : ` (${parts.join(", ")})`;
  const names = listOf(notices.map(({ member }) => member === undefined ? "" : shownName(member)));
  const said = `${notices.length} hosts${where} ${verbOf(kind, notices)}${shares}: ${names}`;
  return `${said} (${plainText(host)})`;
}

function shownName({ name }: MemberRef): string {
  return name === "" ? "(no name)" : plainText(name);
}

function listOf(names: readonly string[]): string {
  const rest = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "";
  return `${names.slice(0, NAMES_MAX).join(", ")}${rest}`;
}

function verbOf(kind: NoticeKind, notices: readonly Notice[]): string {
  const is = notices.length === 1 ? "is" : "are";
  const [first] = notices;
  switch (kind) {
    case "lost":
      return `${is} lost${
        notices.length === 1 && first?.reason ? `: ${plainText(first.reason)}` : ""
      }`;
    case "late":
      return `${is} late`;
    case "recovered":
      return notices.length === 1 ? `is back after ${duration(first?.downMs ?? 0)}` : "are back";
    case "ended":
      return `${is} no longer watched${causeOf(notices)}`;
    case "reminder":
      return notices.length === 1
        ? `is still lost after ${duration(first?.downMs ?? 0)}`
        : "are still lost";
    case "flapping":
      return notices.length === 1 ? "comes and goes" : "come and go";
    case "alarm":
      return notices.length === 1 ? "alarm" : "alarms";
  }
}

/** Why outages ended without a return, if all have the same cause. */
function causeOf([first, ...rest]: readonly Notice[]): string {
  const cause = first?.endCause;
  if (cause === undefined || rest.some(({ endCause }) => endCause !== cause)) return "";
  return `, ${END_CAUSES[cause]}`;
}

const END_CAUSES: Readonly<Record<EndCause, string>> = {
  done: "because the application ended as planned",
  aged: "because it has been silent for too long",
  displaced: "because new members needed the room",
  setting: "because the settings no longer expect it",
  operator: "because an operator removed it",
  unwatched: "because its role or setting was removed",
  crowded: "because too many outages are open",
};

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function iso({ wallOf }: NotificationContext, at: number): string {
  return new Date(wallOf(at)).toISOString();
}
