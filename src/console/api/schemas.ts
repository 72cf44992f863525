/**
 * What the API takes and gives, as schemas: they check requests and describe replies.
 *
 * @module
 */

import * as v from "valibot";
import { CLIENT_STATES } from "../../core/client_state.ts";
import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { HISTORY_LIMIT_MAX } from "../../store/history.ts";
import { GAME_ACTIONS } from "../panels.ts";

/** Members in one answer, if the question does not say, and at the most. */
export const MEMBERS_PER_ANSWER_DEFAULT = 1_000;
export const MEMBERS_PER_ANSWER_MAX = 10_000;
/** Entries of the history in one answer if the question does not say. */
const HISTORY_ENTRIES_DEFAULT = 100;
/** Characters of the reason for a maintenance. */
const REASON_LENGTH_MAX = 200;
/** The longest maintenance that ends by itself, in milliseconds. */
const PAUSE_MS_MAX: number = 366 * DAY_MS;
/** How long an announced member may take to be heard unless told otherwise, in milliseconds. */
const GRACE_MS_DEFAULT: number = 15 * SECOND_MS;
/** Days of one answer about uptime. */
export const UPTIME_DAYS_MAX = 90;

const duration = (minMs: number, maxMs: number) =>
  v.pipe(v.number(), v.minValue(minMs), v.maxValue(maxMs));

const count = (min: number, max: number) =>
  v.pipe(v.string(), v.digits(), v.toNumber(), v.integer(), v.minValue(min), v.maxValue(max));

const milliseconds = v.pipe(v.number(), v.minValue(0));
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const moment = v.pipe(v.string(), v.isoTimestamp());

/** Body of a pause. */
export const PauseBody = v.strictObject({
  reason: v.optional(v.pipe(v.string(), v.maxLength(REASON_LENGTH_MAX)), ""),
  forMs: v.optional(duration(SECOND_MS, PAUSE_MS_MAX)),
  /** True takes a member that was never heard, too: `PROTOCOL/NAME @ PLACE`. */
  expect: v.optional(v.boolean(), false),
});

/** Body of an announcement. */
export const AnnounceBody = v.strictObject({
  graceMs: v.optional(duration(SECOND_MS, DAY_MS), GRACE_MS_DEFAULT),
});

/** Body of a call that needs to say no more than its path. */
export const EmptyBody = v.strictObject({});

/** Body of an action on a game client, or on all of them. */
export const GameActionBody = v.strictObject({ action: v.picklist(GAME_ACTIONS) });

/** Body that sets a game client's state whatever it was. */
export const GameStateBody = v.strictObject({ state: v.picklist(CLIENT_STATES) });

/** Which part of the members. */
export const MembersQuery = v.object({
  limit: v.optional(count(1, MEMBERS_PER_ANSWER_MAX), String(MEMBERS_PER_ANSWER_DEFAULT)),
  offset: v.optional(count(0, Number.MAX_SAFE_INTEGER), "0"),
});

/** Which part of the history. */
export const HistoryQuery = v.object({
  member: v.optional(v.string()),
  since: v.optional(moment),
  limit: v.optional(count(1, HISTORY_LIMIT_MAX), String(HISTORY_ENTRIES_DEFAULT)),
});

/** How much a listener wants to be told. */
export const EventsQuery = v.object({
  /** `1` adds the new deadlines of all members that were heard to each pulse. */
  beats: v.optional(v.picklist(["0", "1"]), "0"),
});

/** How far back. */
export const UptimeQuery = v.object({ days: v.optional(count(1, UPTIME_DAYS_MAX), "7") });

/** A maintenance. */
export const PauseSchema = v.strictObject({ reason: v.string(), until: v.nullable(v.string()) });

/** A member. */
export const MemberSchema = v.strictObject({
  id: v.string(),
  protocol: v.picklist(["hilbert", "mlf", "tix", "hev"]),
  name: v.string(),
  address: v.string(),
  station: v.nullable(v.string()),
  state: v.picklist(["unknown", "starting", "ok", "late", "lost", "gone"]),
  since: moment,
  silentMs: milliseconds,
  promiseMs: milliseconds,
  deadlineInMs: v.nullable(milliseconds),
  beats: wholeNumber,
  pause: v.nullable(PauseSchema),
  flapping: v.boolean(),
});

/** Some of the members, and how many there are. */
export const MembersSchema = v.strictObject({
  members: v.array(MemberSchema),
  total: wholeNumber,
  pause: v.nullable(PauseSchema),
});

/** The host's maintenance. */
export const HostPauseSchema = v.strictObject({ pause: v.nullable(PauseSchema) });

/** One thing that happened. */
export const HistoryEntrySchema = v.strictObject({
  at: moment,
  type: v.string(),
  member: v.nullable(v.string()),
  detail: v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
});

/** What happened, newest first. */
export const HistorySchema = v.strictObject({ entries: v.array(HistoryEntrySchema) });

/** A member's outages and how much of each day it was there. */
export const UptimeSchema = v.strictObject({
  /** Since when anything is known. */
  since: v.nullable(moment),
  days: v.array(v.strictObject({
    /** The host's calendar day. */
    day: v.pipe(v.string(), v.isoDate()),
    /** Share of the time that it is known about, 0 to 1; null if nothing is known of the day. */
    uptime: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    downMs: milliseconds,
    outages: wholeNumber,
  })),
  outages: v.array(v.strictObject({
    from: moment,
    /** Null while it lasts. */
    to: v.nullable(moment),
    downMs: milliseconds,
    cause: v.string(),
    /** True if it began in maintenance; such time does not count. */
    planned: v.boolean(),
  })),
});

/** A badge as shields.io reads it. */
export const BadgeSchema = v.strictObject({
  schemaVersion: v.literal(1),
  label: v.string(),
  message: v.string(),
  color: v.string(),
});

const GameClientSchema = v.strictObject({
  id: v.string(),
  state: v.picklist(CLIENT_STATES),
  reportedState: v.picklist(CLIENT_STATES),
  address: v.string(),
  silentMs: milliseconds,
  emergency: v.boolean(),
});

/** All game clients. */
export const GameClientsSchema = v.strictObject({ clients: v.array(GameClientSchema) });

/** How an action on game clients ended. */
export const GameOutcomeSchema = v.strictObject({ done: wholeNumber, illegal: wholeNumber });

/** Figures of the trigger role. */
export const TriggerSchema = v.strictObject({
  clients: wholeNumber,
  addresses: wholeNumber,
  pings: wholeNumber,
  sendErrors: wholeNumber,
  skippedTurns: wholeNumber,
  lateness: v.array(
    v.strictObject({ seconds: v.nullable(v.number()), turns: wholeNumber }),
  ),
});

/** Standing alarms of the instrument. */
export const AlarmsSchema = v.strictObject({
  alarms: v.array(v.strictObject({ name: v.string(), priority: v.string() })),
});

/** An error as RFC 9457 has it. */
export const ProblemSchema = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: wholeNumber,
  detail: v.string(),
});
