/**
 * Badges: the verdict of a host, the state of a member, and their uptime.
 *
 * @module
 */

import { json, type Operation } from "./operation.ts";
import { BadgeSchema } from "./schemas.ts";

/** The operations by their identity in the document. */
export const BADGE_OPERATIONS = {
  getHostBadge: {
    method: "get",
    path: "/badge.json",
    summary: "The host's verdict as shields.io reads it; only a host that is well is green.",
    answer: json("The badge.", BadgeSchema),
    problems: [],
  },
  drawHostBadge: {
    method: "get",
    path: "/badge.svg",
    summary: "The host's verdict as a picture; only a host that is well is green.",
    answer: { description: "The picture.", type: "image/svg+xml" },
    problems: [],
  },
  getMemberBadge: {
    method: "get",
    path: "/members/{id}/badge.json",
    summary: "A badge as shields.io reads it.",
    answer: json("The badge.", BadgeSchema),
    problems: [404, 409],
  },
  drawMemberBadge: {
    method: "get",
    path: "/members/{id}/badge.svg",
    summary: "A badge as a picture.",
    answer: { description: "The picture.", type: "image/svg+xml" },
    problems: [404, 409],
  },
  drawHostUptime24h: hostUptime("24h"),
  drawHostUptime7d: hostUptime("7d"),
  drawHostUptime30d: hostUptime("30d"),
  drawHostUptime90d: hostUptime("90d"),
  drawMemberUptime24h: memberUptime("24h"),
  drawMemberUptime7d: memberUptime("7d"),
  drawMemberUptime30d: memberUptime("30d"),
  drawMemberUptime90d: memberUptime("90d"),
} as const satisfies Readonly<Record<string, Operation>>;

function hostUptime(span: string) {
  return {
    method: "get",
    path: `/badge/uptime-${span}.svg`,
    summary: `How much of the last ${span} all members together were there, as a picture.`,
    answer: { description: "The picture.", type: "image/svg+xml" },
    problems: [],
  } as const satisfies Operation;
}

function memberUptime(span: string) {
  return {
    method: "get",
    path: `/members/{id}/badge/uptime-${span}.svg`,
    summary: `How much of the last ${span} a member was there, as a picture.`,
    answer: { description: "The picture.", type: "image/svg+xml" },
    problems: [404, 409],
  } as const satisfies Operation;
}
