/**
 * Badges of a host and of its members.
 *
 * @module
 */

import {
  type Badge,
  badgeOf,
  drawBadge,
  hostBadge,
  uptimeBadge,
  type UptimeBadgeSpan,
} from "../badge.ts";
import { type Host, viewContext } from "../host.ts";
import { viewMember } from "../member_view.ts";
import { finish } from "../turns.ts";
import { viewUptime } from "../uptime.ts";
import { verdictOf } from "../verdict.ts";
import type { BADGE_OPERATIONS } from "./badge_operations.ts";
import { findMember } from "./member_lookup.ts";
import type { Handlers } from "./operations.ts";

/** Makes the handlers of a host. */
export function badgeHandlers(host: Host): Pick<Handlers, keyof typeof BADGE_OPERATIONS> {
  const ofHost = (span: UptimeBadgeSpan) => async () =>
    svg(uptimeBadge("Pulsebox", span, await finish(host.uptime.total(DAYS[span]))));
  const ofMember = (span: UptimeBadgeSpan) => ({ id }: { readonly id: string }) => {
    const { roster, member } = findMember(host, id);
    const { protocol } = roster.rules;
    const { spans } = viewUptime(host.uptime.query({ protocol, id: member.id }), 1);
    const share = spans.find((found) => found.span === span)?.uptime ?? null;
    return svg(uptimeBadge(member.name === "" ? member.id : member.name, span, share));
  };
  return {
    getHostBadge: () => hostBadge(verdictOf(host)),
    drawHostBadge: () => svg(hostBadge(verdictOf(host))),
    getMemberBadge: ({ id }) => stateBadge(host, id),
    drawMemberBadge: ({ id }) => svg(stateBadge(host, id)),
    drawHostUptime24h: ofHost("24h"),
    drawHostUptime7d: ofHost("7d"),
    drawHostUptime30d: ofHost("30d"),
    drawHostUptime90d: ofHost("90d"),
    drawMemberUptime24h: ofMember("24h"),
    drawMemberUptime7d: ofMember("7d"),
    drawMemberUptime30d: ofMember("30d"),
    drawMemberUptime90d: ofMember("90d"),
  };
}

/** Length of a span in days; `undefined` means the last 48 half-hours. */
const DAYS: Readonly<Record<UptimeBadgeSpan, number | undefined>> = {
  "24h": undefined,
  "7d": 7,
  "30d": 30,
  "90d": 90,
};

function stateBadge(host: Host, id: string): Badge {
  host.members.advance(host.now());
  const { roster, member } = findMember(host, id);
  return badgeOf(viewMember(roster, member, viewContext(host)), host.members.pause !== undefined);
}

function svg(badge: Badge): Response {
  return new Response(drawBadge(badge), { headers: { "content-type": "image/svg+xml" } });
}
