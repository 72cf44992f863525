/**
 * What a heartbeat server says, byte for byte as the reference server says it.
 *
 * The reference knows no maintenance and no announced applications; replies that mention them begin
 * with `OK` where nothing may alarm, for that word is all that the checkers read. The text
 * ` application [` stands only before an identity that is at work: a station script looks for it.
 *
 * @module
 */

import { decodeRaw } from "./percent.ts";

/** Multiples of W at which a silence becomes a warning, becomes critical, is forgotten. */
export const LATE_RATIO = 3;
export const LOST_RATIO = 5;
export const GONE_RATIO = 6;
/** Added to an announced delay to make W, in milliseconds. */
export const MARGIN_MS = 1_000;
/** The same for the oldest clients, which count seconds. */
export const MARGIN_SECONDS = 1;

/** Reply to `hb_done`, always. */
export const GOODBYE = "So Long, and Thanks for All the Fish!";
/** Reply to `hb_fail`. */
export const FAILURE_NOTED = "Failure noted";
/** The text for a failure without a reason. */
export const NO_REASON = "no reason given";
/** Reply to `status` when no application is known. */
export const STATUS_NOBODY = "UNKNOWN - no heartbeat clients at the moment...";
/** The same while the whole host is in maintenance. */
export const STATUS_NOBODY_MAINTENANCE = "OK - maintenance, no heartbeat clients at the moment...";

/** What `status` needs to know about a record. */
export interface RecordView {
  /** Identity, for instance `tetris @ 127.0.0.1`. */
  id: string;
  /** How long it has been silent, in milliseconds. */
  silentMs: number;
  /** W in milliseconds, more than 0. */
  promiseMs: number;
  /** Multiples of W for this record, where they differ from the reference. */
  limits?: RecordLimits;
}

/** Multiples of W at which a silence becomes a warning, becomes critical, is forgotten. */
export interface RecordLimits {
  readonly late: number;
  readonly lost: number;
  readonly gone: number;
}

const REFERENCE_LIMITS: RecordLimits = { late: LATE_RATIO, lost: LOST_RATIO, gone: GONE_RATIO };

/** Whether something is in maintenance, so that nothing may alarm. */
export type Duty = "watched" | "maintenance";

/** Reply to `list`: one identity per line, each line ended. */
export function listReply(ids: readonly string[]): string {
  return ids.length === 0 ? "" : `${ids.join("\n")}\n`;
}

/**
 * Status of a record. The word follows the unrounded ratio, so `OK … od=3.00` can occur. The line
 * ends with a blank.
 */
export function recordStatus(record: RecordView, duty: Duty): string {
  return `${judgement(record, duty)} application [${record.id}]| ${performanceData(record)}`;
}

/** Status of an application that is expected, was announced, and has some time left to start. */
export function startingStatus(record: RecordView): string {
  return `OK - starting application [${record.id}]| ${performanceData(record)}`;
}

/** Status of an application that has failed. A bar would begin the performance data. */
export function failedStatus(record: RecordView, reason: string, duty: Duty): string {
  const word = duty === "maintenance" ? "OK - maintenance, failed" : "CRITICAL - failed";
  return `${word} ID: [${record.id}]: ${reason.replaceAll("|", "/")}| ${performanceData(record)}`;
}

/** Status of an identity that was asked for and has no record. */
export function missingStatus(id: string, duty: Duty): string {
  return duty === "maintenance"
    ? `OK - maintenance, no application record for queried ID: [${id}]`
    : `CRITICAL - no application record for queried ID: [${id}]`;
}

/** Status with `scope=host` of a name that several applications have. */
export function ambiguousStatus(ids: readonly string[]): string {
  return `UNKNOWN - several applications have this name, ask for one of: [${ids.join(",")}]`;
}

/** Status without a name when the expected application was never heard. */
export function expectedStatus(ids: readonly string[]): string {
  return `CRITICAL - no application record for expected ID: [${ids.join(",")}]`;
}

/** Status without a name when several applications are known. */
export function multipleStatus(ids: readonly string[], duty: Duty | "starting"): string {
  const word = duty === "watched" ? "WARNING -" : `OK - ${duty},`;
  return `${word} multiple (${ids.length}) applications: [${ids.join(",")}]`;
}

/**
 * Body of a reply with an error code.
 *
 * @param target As the client sent it, one code unit for each byte; it is shown undecoded.
 */
export function errorReply(target: string): string {
  return `ERROR: cannot process your request: [${decodeRaw(target)}]`;
}

function judgement(record: RecordView, duty: Duty): string {
  const ratio = record.silentMs / record.promiseMs;
  const { late, lost } = record.limits ?? REFERENCE_LIMITS;
  if (duty === "maintenance") return "OK - maintenance of";
  if (ratio < late) return "OK - fine";
  return ratio < lost ? "WARNING - somewhat late" : "CRITICAL - quite late";
}

/** Nagios performance data: label=value;warn;crit;min;max. */
function performanceData(record: RecordView): string {
  const ratio = record.silentMs / record.promiseMs;
  const { late, lost, gone } = record.limits ?? REFERENCE_LIMITS;
  const [warn, critical, most] = [late, lost, gone].map((limit) => Number(limit.toFixed(2)));
  return `od=${ratio.toFixed(2)};${warn};${critical};0;${most} delay=${record.promiseMs}ms;;; `;
}
