/**
 * One entry of the history.
 *
 * @module
 */

import type { PulseEvent } from "../core/events.ts";
import type { Protocol } from "../core/member.ts";
import { fromColumn } from "./text.ts";

/**
 * The kinds of events that are kept. Missed beats and summaries of a minute are too many, and are
 * worthless a day later.
 */
const KEPT_TYPES = [
  "member-registered",
  "member-state",
  "member-paused",
  "member-resumed",
  "member-forgotten",
  "member-flapping",
  "member-acknowledged",
  "member-unacknowledged",
  "member-tagged",
  "client-state",
  "alarm-raised",
  "alarm-acknowledged",
  "absence",
  "deafness-began",
  "deafness-ended",
  "store-failed",
  "store-recovered",
  "telling-failed",
  "telling-recovered",
] as const;

/** The kind of an event. */
export type HistoryType = typeof KEPT_TYPES[number];

/** An event that the history keeps. */
export type KeptEvent = Extract<PulseEvent, { type: HistoryType }>;

/** An event in the past. */
export interface HistoryEntry {
  /** When it happened, in unix milliseconds by the wall clock at that time. */
  at: number;
  type: HistoryType;
  /** The member that it is about; absent if it is about the host. */
  member?: { protocol: Protocol; id: string };
  /**
   * The remaining fields of the event by name: `from`, `to`, `cause`, `silentMs`, `reason`, and so
   * on.
   */
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

const KEPT: ReadonlySet<PulseEvent["type"]> = new Set(KEPT_TYPES);

const LASTING: ReadonlySet<PulseEvent["type"]> = new Set([
  "member-state",
  "member-paused",
  "member-resumed",
  "member-acknowledged",
  "member-unacknowledged",
  "member-tagged",
  "alarm-raised",
  "alarm-acknowledged",
]);

/** Whether the history keeps an event. */
export function isKept(event: PulseEvent): event is KeptEvent {
  return KEPT.has(event.type);
}

/** Whether an event must survive a power cut, because an operator caused it or acts upon it. */
export function isLasting(event: KeptEvent): boolean {
  return LASTING.has(event.type);
}

/**
 * Makes an entry from an event.
 *
 * @param offsetMs What to add to listening time to get unix time, in milliseconds.
 */
export function entryOf(event: KeptEvent, offsetMs: number): HistoryEntry {
  const entry = { at: event.at + offsetMs, type: event.type, detail: detailOf(event) };
  if (!("member" in event) || event.member === undefined) return entry;
  const { protocol, id } = event.member;
  return { ...entry, member: { protocol, id } };
}

function detailOf(event: KeptEvent): HistoryEntry["detail"] {
  switch (event.type) {
    case "member-state": {
      const { from, to, cause, reason, silentMs, paused } = event;
      const why = reason === undefined ? {} : { reason };
      return { from, to, cause, ...why, silentMs: Math.round(silentMs), paused };
    }
    case "member-paused": {
      const { reason, until } = event.pause;
      return { reason, forMs: until === Infinity ? null : Math.round(until - event.at) };
    }
    case "member-resumed":
    case "member-forgotten":
      return { cause: event.cause };
    case "client-state":
      return { client: event.client, from: event.from, to: event.to, cause: event.cause };
    case "alarm-raised":
    case "alarm-acknowledged":
      return { alarm: event.alarm, priority: event.priority };
    case "absence":
      return { absentMs: Math.round(event.absentMs) };
    case "deafness-began":
    case "deafness-ended":
      return { protocol: event.protocol };
    case "store-failed":
      return { message: event.message };
    case "telling-failed":
      return { way: event.way, reason: event.reason };
    case "telling-recovered":
      return { way: event.way };
    case "member-acknowledged":
      return { by: event.by, note: event.note };
    case "member-tagged":
      return { tags: event.tags.join(", ") };
    case "member-registered":
    case "member-flapping":
    case "member-unacknowledged":
    case "store-recovered":
      return {};
  }
}

/**
 * Makes entries from rows of the table `history`. It skips rows that Pulsebox cannot have written,
 * so that one such row does not hide the others.
 */
export function entriesOfRows(rows: readonly Record<string, unknown>[]): HistoryEntry[] {
  return rows.map(entryOfRow).filter((entry) => entry !== undefined);
}

function entryOfRow(row: Record<string, unknown>): HistoryEntry | undefined {
  const detail = detailOfColumn(String(row["detail"]));
  if (detail === undefined) return undefined;
  const entry = { at: Number(row["at_ms"]), type: String(row["type"]) as HistoryType, detail };
  if (row["protocol"] === null) return entry;
  const member = {
    protocol: String(row["protocol"]) as Protocol,
    id: fromColumn(String(row["id"])),
  };
  return { ...entry, member };
}

function detailOfColumn(text: string): HistoryEntry["detail"] | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail)
      ? detail as HistoryEntry["detail"]
      : undefined;
  } catch {
    return undefined;
  }
}
