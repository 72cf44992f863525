/**
 * Member records as rows, and how far a later run trusts their times.
 *
 * A record holds durations only. On disk, each of them becomes a timestamp of the wall clock,
 * stored with the time of writing, because a row may stay there for days without being rewritten.
 * The wall clock of a Raspberry Pi may jump by years between two runs. So a later run trusts it
 * only within limits, and only if the machine has no other clock for that time (`boot_clock.ts`):
 *
 * - The time between writing and loading counts if it is between 0 and {@linkcode ELAPSED_MS_MAX}.
 *   Outside this range, the clock must have been set, and no time counts.
 * - The time that counts makes states and silences older, and pauses shorter, down to 0.
 *
 * So a pause never lasts longer than it would have when it was written. It ends early by no more
 * than the time in which Pulsebox did not run, except if the clock jumped forward by less than the
 * limit in that time. Jumps while Pulsebox runs are noticed, and all rows are rewritten with
 * correct timestamps. Pauses are also rewritten from time to time, so that a host which always
 * starts in 1970 cannot prolong a pause by restarting.
 *
 * @module
 */

import { DAY_MS } from "../core/clock.ts";
import { formatLostAfter, parseLostAfter } from "../core/lost_after.ts";
import { type MemberState, type Protocol, PROTOCOLS } from "../core/member.ts";
import type { MemberRecord } from "../core/member_record.ts";
import { fromColumn, toColumn } from "./text.ts";

/** The longest time between writing and loading that is trusted, in milliseconds. */
export const ELAPSED_MS_MAX: number = 30 * DAY_MS;

/** A row of the table `member`, in the names of its columns, without its place in the order. */
export interface MemberRow {
  protocol: string;
  id: string;
  name: string;
  address: string;
  state: string;
  promise_ms: number;
  beats: number;
  since_ms: number;
  heard_ms: number;
  pause_reason: string | null;
  pause_until_ms: number | null;
  written_ms: number;
  /** Why it failed; absent or `null` if it did not. */
  failure?: string | null;
  /**
   * The silence after which the member asked to count as lost, as `formatLostAfter` writes it;
   * absent or `null` if it did not ask.
   */
  lost_after?: string | null;
  /** Who looks after it, that person's note and the time; absent or `null` if nobody does. */
  handled_by?: string | null;
  handled_note?: string | null;
  handled_ms?: number | null;
}

/** The rest of a maintenance, in the form that outlives a run. */
export interface PauseRow {
  reason: string;
  /** Unix milliseconds; `null` if it has no end of its own. */
  untilMs: number | null;
  writtenMs: number;
}

/** How much of the time between two readings of the wall clock is trusted, in milliseconds. */
export function elapsedMs(writtenMs: number, wallMs: number): number {
  const elapsed = wallMs - writtenMs;
  return elapsed >= 0 && elapsed <= ELAPSED_MS_MAX ? elapsed : 0;
}

/** Makes a row from a record, at a time of the wall clock (unix ms). */
export function rowOf(protocol: Protocol, record: MemberRecord, wallMs: number): MemberRow {
  const { id, name, address, state, promiseMs, beats, stateMs, silentMs, pause } = record;
  const { failure, lostAfter, acknowledgement } = record;
  const writtenMs = Math.round(wallMs);
  return {
    protocol,
    id: toColumn(id),
    name: toColumn(name),
    address: toColumn(address),
    state,
    promise_ms: promiseMs,
    beats,
    since_ms: Math.round(wallMs - stateMs),
    heard_ms: Math.round(wallMs - silentMs),
    pause_reason: pause === undefined ? null : toColumn(pause.reason),
    pause_until_ms: untilMs(pause, wallMs),
    written_ms: writtenMs,
    ...(failure === undefined ? {} : { failure: toColumn(failure) }),
    ...(lostAfter === undefined ? {} : { lost_after: formatLostAfter(lostAfter) }),
    ...(acknowledgement === undefined ? {} : {
      handled_by: toColumn(acknowledgement.by),
      handled_note: toColumn(acknowledgement.note),
      handled_ms: Math.round(wallMs - acknowledgement.agoMs),
    }),
  };
}

/**
 * Makes a record from a row that is loaded at a time of the wall clock (unix ms).
 *
 * @return `undefined` if the row cannot have been written by Pulsebox.
 */
export function recordOfRow(
  row: MemberRow,
  wallMs: number,
): { protocol: Protocol; record: MemberRecord } | undefined {
  const { protocol, state, beats, pause_reason: reason } = row;
  const [id, name, address] = [fromColumn(row.id), fromColumn(row.name), fromColumn(row.address)];
  if (!isProtocol(protocol) || !isState(state) || !id.startsWith(name)) return undefined;
  if (!(row.promise_ms > 0) || !Number.isFinite(row.promise_ms) || beats < 0) return undefined;
  const elapsed = elapsedMs(row.written_ms, wallMs);
  const lostAfter = parseLostAfter(row.lost_after ?? "");
  return {
    protocol,
    record: {
      id,
      name,
      address,
      state,
      stateMs: Math.max(0, row.written_ms - row.since_ms) + elapsed,
      promiseMs: row.promise_ms,
      silentMs: Math.max(0, row.written_ms - row.heard_ms) + elapsed,
      beats,
      ...(typeof row.failure === "string" ? { failure: fromColumn(row.failure) } : {}),
      ...(lostAfter === undefined ? {} : { lostAfter }),
      ...acknowledgementOf(row, elapsed),
      pause: reason === null ? undefined : {
        reason: fromColumn(reason),
        forMs: restMs(row.pause_until_ms, row.written_ms, elapsed),
      },
    },
  };
}

function acknowledgementOf(
  { handled_by: by, handled_note: note, handled_ms: ms, written_ms: writtenMs }: MemberRow,
  elapsed: number,
): Pick<MemberRecord, "acknowledgement"> {
  if (typeof by !== "string") return {};
  const agoMs = Math.max(0, writtenMs - (ms ?? writtenMs)) + elapsed;
  return { acknowledgement: { by: fromColumn(by), note: fromColumn(note ?? ""), agoMs } };
}

/** Makes a row from a pause, at a time of the wall clock (unix ms). */
export function rowOfPause(pause: { reason: string; forMs: number }, wallMs: number): PauseRow {
  return {
    reason: pause.reason,
    untilMs: untilMs(pause, wallMs),
    writtenMs: Math.round(wallMs),
  };
}

/** The rest of a pause that is loaded at a time of the wall clock (unix ms). */
export function pauseOfRow(row: PauseRow, wallMs: number): { reason: string; forMs: number } {
  const elapsed = elapsedMs(row.writtenMs, wallMs);
  return { reason: row.reason, forMs: restMs(row.untilMs, row.writtenMs, elapsed) };
}

function untilMs(pause: { forMs: number } | undefined, wallMs: number): number | null {
  if (pause === undefined || pause.forMs === Infinity) return null;
  return Math.round(wallMs + pause.forMs);
}

function restMs(untilMs: number | null, writtenMs: number, elapsed: number): number {
  return untilMs === null ? Infinity : Math.max(0, untilMs - writtenMs - elapsed);
}

const STATES: Readonly<Record<MemberState, true>> = {
  unknown: true,
  starting: true,
  ok: true,
  late: true,
  lost: true,
  gone: true,
};

function isProtocol(text: string): text is Protocol {
  return (PROTOCOLS as readonly string[]).includes(text);
}

function isState(text: string): text is MemberState {
  return Object.hasOwn(STATES, text);
}
