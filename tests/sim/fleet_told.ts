/**
 * What people must be told of a fleet's hosts by a console that may do so.
 *
 * @module
 */

import type { Message } from "./endpoint.ts";
import type { ToldChange } from "./listener.ts";

const PROTOCOL = "fleet/";
/** Outages within an hour with which a host may count as flapping; then less is told. */
const FLAPPING_OUTAGES = 4;
/** What a console tells if it cannot agree with others on who tells people. */
const UNCOORDINATED = "Nobody was told that ";

/** A message, as far as it is about members that are no hosts of a fleet. */
export function withoutFleet(message: Message): Message {
  const items = message.items.filter((item) =>
    !isOfFleet(memberOf(item)) && item.alarm?.startsWith(UNCOORDINATED) !== true
  );
  return { ...message, items };
}

/** Whether a member is a host of a fleet. */
export function isOfFleet(member: string): boolean {
  return member.startsWith(PROTOCOL);
}

/**
 * Each outage of a host was told once and closed once.
 *
 * @param messages All that people got; one that came twice is in there twice.
 * @param states The hosts of which all is certain, with their states.
 * @throws {Error} if that is not so.
 */
export function checkFleetTold(
  messages: readonly Message[],
  changes: readonly ToldChange[],
  states: ReadonlyMap<string, string>,
): void {
  const unique = new Map(messages.map((message) => [message.id, message]));
  const outages = new Map<string, { host: string; types: string[] }>();
  for (const { type, items } of unique.values()) {
    for (const item of items) {
      const member = memberOf(item);
      if (!isOfFleet(member) || type === "flapping" || type === "alarm") continue;
      const outage = outages.get(item.id) ?? { host: member.slice(PROTOCOL.length), types: [] };
      outage.types.push(type);
      outages.set(item.id, outage);
    }
  }
  const open = new Map<string, number>();
  for (const { host, types } of outages.values()) {
    const lost = types.filter((type) => type === "lost").length;
    const closed = types.filter((type) => type === "recovered" || type === "ended").length;
    if (lost !== 1) throw new Error(`An outage of host ${host} was told ${lost} times: ${types}`);
    if (closed > 1) throw new Error(`An outage of host ${host} was closed ${closed} times`);
    if (closed === 0) open.set(host, (open.get(host) ?? 0) + 1);
  }
  for (const [host, state] of states) {
    const losses = changes.filter(({ member, from, to, paused }) =>
      member === PROTOCOL + host && from !== "gone" && to === "lost" && !paused
    );
    if (losses.length >= FLAPPING_OUTAGES) continue;
    const count = open.get(host) ?? 0;
    if (state === "ok" && count > 0) throw new Error(`An outage of host ${host} was never closed`);
    if (state !== "lost" || losses.length === 0) continue;
    if (count !== 1) throw new Error(`Host ${host} is lost, and people know ${count} outages`);
  }
}

/** A message names a member with all that is known of it. */
function memberOf(item: { readonly member?: unknown }): string {
  const { id = "" } = (item.member ?? {}) as { id?: string };
  return id;
}
