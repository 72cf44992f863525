/**
 * The answers of a console. Console and client are the same program, so the items of lists are not
 * checked.
 *
 * @module
 */

import type { TellingTrial } from "../core/telling.ts";
import { type Verdict, VERDICT_WORDS } from "../core/verdict.ts";

/** Maintenance, as the console reports it. */
export interface PauseInfo {
  readonly reason: string;
  /** ISO 8601, or null if it does not end by itself. */
  readonly until: string | null;
}

/** A member, as the console reports it. */
export interface MemberInfo {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly station?: string | null;
  readonly state: string;
  readonly silentMs: number;
  readonly promiseMs: number;
  readonly deadlineInMs: number | null;
  readonly beats: number;
  readonly pause: PauseInfo | null;
  /** Who looks after it; null if nobody does. */
  readonly acknowledgement?: { readonly by: string; readonly note: string } | null;
  /** The fraction of the last 24 hours in which it was present; null if no time counts. */
  readonly uptime24h?: number | null;
}

/** Which members to list; without any property, all. */
export interface MemberFilter {
  readonly state?: string;
  /** The name of the station, or the address of a host without one. */
  readonly group?: string;
  readonly tag?: string;
}

/** The phones that are woken, summed up in one line. */
export interface PhonesInfo {
  readonly count: number;
  readonly newest: { readonly address: string; readonly registeredMs: number } | null;
}

/** A phone that is woken. */
export interface PhoneInfo {
  readonly address: string;
  readonly port: number;
  readonly registeredMs: number;
  readonly leftMs: number;
}

/** All members of a host. */
export interface MemberListing {
  readonly members: readonly MemberInfo[];
  /** Null if the host wakes no phones. */
  readonly phones?: PhonesInfo | null;
  readonly total: number;
  /** The verdict on the whole host in one sentence. */
  readonly headline: string;
  readonly pause: PauseInfo | null;
}

/** Days of the host's calendar, and the order of the answer. */
export interface OutagePeriod {
  readonly days?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sort?: string;
}

/** How somebody was in a period. */
export interface OutageFigures {
  /** The fraction of the counted time in which it was present; null if no time counts. */
  readonly uptime: number | null;
  readonly downMs: number;
  readonly plannedMs: number;
  readonly outages: number;
}

/** The tags of a member by where they come from. */
export interface MemberTagsInfo {
  /** Those that were set through the API. */
  readonly tags: readonly string[];
  /** Those of the settings. */
  readonly configured: readonly string[];
}

/** How a member was in a period. */
export interface MemberOutageInfo extends OutageFigures {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly station: string | null;
  readonly forgotten: boolean;
}

/** How everybody was in a period. */
export interface OutageListing {
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  readonly since: string | null;
  readonly all: OutageFigures;
  readonly members: readonly MemberOutageInfo[];
  readonly total: number;
}

/** The result of a test message for each recipient. */
export interface TellingTrials {
  /** Whether all recipients were reached. */
  readonly ok: boolean;
  readonly trials: readonly TellingTrial[];
}

/** The verdict in an answer; like all fields here, undefined if it is missing. */
export function verdictIn(content: unknown): Verdict | undefined {
  const isVerdict = isRecord(content) &&
    VERDICT_WORDS.some((word) => word === content["verdict"]) &&
    typeof content["headline"] === "string" && isRecord(content["counts"]) &&
    ["members", "problems", "warnings", "alarms"].every((key) => Array.isArray(content[key]));
  return isVerdict ? content as unknown as Verdict : undefined;
}

/** The result of a test of notifications. */
export function trialsIn(content: unknown): TellingTrials | undefined {
  const isTest = isRecord(content) && typeof content["ok"] === "boolean" &&
    Array.isArray(content["trials"]);
  return isTest ? content as unknown as TellingTrials : undefined;
}

/** The tags of a member. */
export function memberTagsIn(content: unknown): MemberTagsInfo | undefined {
  const isTags = isRecord(content) &&
    ["tags", "configured"].every((key) => Array.isArray(content[key]));
  return isTags ? content as unknown as MemberTagsInfo : undefined;
}

/** A page of members with their outages. */
export function outagesIn(content: unknown): OutageListing | undefined {
  const isListing = isRecord(content) && Array.isArray(content["members"]) &&
    isRecord(content["all"]) && typeof content["total"] === "number";
  return isListing ? content as unknown as OutageListing : undefined;
}

/** A page of the members. */
export function listingIn(content: unknown): MemberListing | undefined {
  if (!isRecord(content) || !Array.isArray(content["members"])) return undefined;
  const { members, total, headline } = content;
  return {
    ...(content as unknown as MemberListing),
    total: typeof total === "number" ? total : members.length,
    headline: typeof headline === "string" ? headline : "The console tells no verdict",
  };
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
