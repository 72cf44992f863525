/**
 * The API's schemas: they check requests and describe replies.
 *
 * @module
 */

import en from "zod/locale";
import * as z from "zod/mini";
import { CLIENT_STATES } from "../../core/client_state.ts";
import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { INTERVALS_KEPT } from "../../core/beat_intervals.ts";
import { MEMBER_STATES, PROTOCOLS } from "../../core/member.ts";
import { CONDITIONS, VERDICT_WORDS } from "../../core/verdict.ts";
import { SayingSchema } from "./saying_schema.ts";
import { UPTIME_CONDITIONS, UPTIME_DAYS_MAX } from "../../core/uptime_cells.ts";
import { HISTORY_LIMIT_MAX } from "../../store/history.ts";
import { GAME_ACTIONS } from "../panels.ts";

/** Members in one reply, unless the request says otherwise. */
export const MEMBERS_PER_ANSWER_DEFAULT = 1_000;
/** Members in one reply. */
export const MEMBERS_PER_ANSWER_MAX = 10_000;
/** The default number of history entries in one reply. */
const HISTORY_ENTRIES_DEFAULT = 100;
/** The most characters of the reason for a maintenance. */
const REASON_LENGTH_MAX = 200;
/** The longest maintenance with an end, in milliseconds. */
export const PAUSE_MS_MAX: number = 366 * DAY_MS;
/** How long an announced member may take to be heard, in milliseconds, unless set otherwise. */
const GRACE_MS_DEFAULT: number = 15 * SECOND_MS;

// Not `z.locales.en`, which bundles every language.
z.config(en());

const duration = (minMs: number, maxMs: number) => z.number().check(z.gte(minMs), z.lte(maxMs));

/** A whole number in a query. */
export const count = (min: number, max: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d+$/)),
    z.pipe(z.transform(Number), z.int().check(z.gte(min), z.lte(max))),
  );

export const milliseconds = z.number().check(z.gte(0));
export const wholeNumber = z.int().check(z.gte(0));
export const moment = z.iso.datetime({ offset: true });

/** Body of a pause. */
export const PauseBody = z.strictObject({
  reason: z.prefault(z.string().check(z.maxLength(REASON_LENGTH_MAX)), ""),
  forMs: z.optional(duration(SECOND_MS, PAUSE_MS_MAX)),
  /** Instead of `forMs`: when it ends. Without an offset, on the host's clock. */
  until: z.optional(z.iso.datetime({ local: true, offset: true })),
  /** True also accepts a member that was never heard: `PROTOCOL/NAME @ PLACE`. */
  expect: z.prefault(z.boolean(), false),
});

/** Body of an announcement. */
export const AnnounceBody = z.strictObject({
  graceMs: z.prefault(duration(SECOND_MS, DAY_MS), GRACE_MS_DEFAULT),
});

/** Body of a call that needs no more than its path. */
export const EmptyBody = z.strictObject({});

/** Body of an action on a game client, or on all of them. */
export const GameActionBody = z.strictObject({ action: z.enum(GAME_ACTIONS) });

/** Body that forces a game client's state. */
export const GameStateBody = z.strictObject({ state: z.enum(CLIENT_STATES) });

/** Which part of the history. */
export const HistoryQuery = z.object({
  member: z.optional(z.string()),
  since: z.optional(moment),
  limit: z.prefault(count(1, HISTORY_LIMIT_MAX), String(HISTORY_ENTRIES_DEFAULT)),
});

/** How much a listener wants to receive. */
export const EventsQuery = z.object({
  /** `1` adds to each pulse the new deadlines of all members that were heard. */
  beats: z.prefault(z.enum(["0", "1"]), "0"),
  /** `1` adds the hosts of the fleet. */
  fleet: z.prefault(z.enum(["0", "1"]), "0"),
});

/** How many days back. */
export const UptimeQuery = z.object({ days: z.prefault(count(1, UPTIME_DAYS_MAX), "7") });

/** One letter for each half-hour. */
const strip = z.string().check(z.regex(/^[-omlx]*$/));

/** A maintenance. */
export const PauseSchema = z.strictObject({ reason: z.string(), until: z.nullable(z.string()) });

/** A member. */
export const MemberSchema = z.strictObject({
  id: z.string(),
  protocol: z.enum(PROTOCOLS),
  name: z.string(),
  address: z.string(),
  station: z.nullable(z.string()),
  state: z.enum(MEMBER_STATES),
  since: moment,
  silentMs: milliseconds,
  promiseMs: milliseconds,
  /** The silence after which it is lost. */
  lostAfterMs: z.nullable(milliseconds),
  deadlineInMs: z.nullable(milliseconds),
  beats: wholeNumber,
  pause: z.nullable(PauseSchema),
  /** Why it failed. */
  failure: z.nullable(z.string()),
  flapping: z.boolean(),
  /** Who looks after it. */
  acknowledgement: z.nullable(z.strictObject({ by: z.string(), note: z.string(), at: moment })),
  /** The tags by which the operator filters. */
  tags: z.array(z.string()),
  /** The last 24 hours, one letter for each half-hour, the current one last. */
  strip,
  uptime24h: z.nullable(z.number().check(z.gte(0), z.lte(1))),
  outages24h: wholeNumber,
});

/** A member with what is shown of one alone. */
export const MemberDetailSchema = z.extend(MemberSchema, {
  /**
   * The last intervals between beats, the newest last; empty on a host with too many members to
   * keep them.
   */
  intervalsMs: z.array(milliseconds).check(z.maxLength(INTERVALS_KEPT)),
});

const newestPhone = z.strictObject({ address: z.string(), registeredMs: milliseconds });

/** The phones, summed up in one line. */
export const PhonesSummarySchema = z.strictObject({
  count: wholeNumber,
  newest: z.nullable(newestPhone),
});

/** A page of the members, and their number. */
export const MembersSchema = z.strictObject({
  members: z.array(MemberSchema),
  total: wholeNumber,
  verdict: z.enum(VERDICT_WORDS),
  /** The verdict on the whole host in one sentence. */
  headline: z.string(),
  /** Phones that are woken; they are not members. Null without the role. */
  phones: z.nullable(PhonesSummarySchema),
  pause: z.nullable(PauseSchema),
});

const conditions = ["emergency", "lost", "gone", "late", "unknown", "starting"] as const;

/** The verdict on a host. */
export const VerdictSchema = z.strictObject({
  verdict: z.enum(VERDICT_WORDS),
  saying: SayingSchema,
  headline: z.string(),
  /** The troubled members, those in the worst state first. */
  members: z.array(z.strictObject({
    id: z.string(),
    name: z.string(),
    station: z.nullable(z.string()),
    state: z.enum(conditions),
    forMs: milliseconds,
    acknowledgedBy: z.nullable(z.string()),
  })),
  counts: z.record(z.enum(CONDITIONS), wholeNumber),
  /** Problems that keep Pulsebox from watching or notifying; one sentence each. */
  problems: z.array(z.string()),
  /** What an operator should repair or confirm; one sentence each. */
  warnings: z.array(z.string()),
  alarms: z.array(z.strictObject({ name: z.string(), priority: z.string() })),
});

/** The host's maintenance. */
export const HostPauseSchema = z.strictObject({ pause: z.nullable(PauseSchema) });

/** What an operator should repair or confirm; one sentence each. */
export const WarningsSchema = z.strictObject({ warnings: z.array(z.string()) });

/** An entry of the history. */
export const HistoryEntrySchema = z.strictObject({
  at: moment,
  type: z.string(),
  member: z.nullable(z.string()),
  detail: z.record(z.string(), z.nullable(z.union([z.string(), z.number(), z.boolean()]))),
});

/** The history, newest entry first. */
export const HistorySchema = z.strictObject({ entries: z.array(HistoryEntrySchema) });

/** How a member was in a period. */
export const uptimeFigures = {
  /** The fraction of the counted time in which it was present, 0 to 1; null if no time counts. */
  uptime: z.nullable(z.number().check(z.gte(0), z.lte(1))),
  knownMs: milliseconds,
  downMs: milliseconds,
  plannedMs: milliseconds,
  outages: wholeNumber,
  worst: z.enum(UPTIME_CONDITIONS),
};

/** An outage. */
export const outage = {
  from: moment,
  /** Null while it lasts. */
  to: z.nullable(moment),
  downMs: milliseconds,
  plannedMs: milliseconds,
  unwatchedMs: milliseconds,
  cause: z.string(),
  /** True if it began in maintenance. */
  planned: z.boolean(),
  /** Who looked after it. */
  by: z.nullable(z.string()),
  note: z.string(),
};

/** A member's outages and uptime. */
export const UptimeSchema = z.strictObject({
  timeZone: z.string(),
  /** The first day with data. */
  since: z.nullable(z.iso.date()),
  spans: z.array(z.strictObject({
    span: z.enum(["24h", "7d", "30d", "90d"]),
    from: moment,
    ...uptimeFigures,
  })),
  strip,
  days: z.array(z.strictObject({
    /** The host's calendar day. */
    day: z.iso.date(),
    from: moment,
    to: moment,
    ...uptimeFigures,
    strip: z.nullable(strip),
  })),
  outages: z.array(z.strictObject(outage)),
});

/** A badge as shields.io reads it. */
export const BadgeSchema = z.strictObject({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string(),
  color: z.string(),
});

const GameClientSchema = z.strictObject({
  id: z.string(),
  state: z.enum(CLIENT_STATES),
  reportedState: z.enum(CLIENT_STATES),
  address: z.string(),
  silentMs: milliseconds,
  /** Whether it was told to show its emergency screen. */
  emergency: z.boolean(),
  emergencySince: z.nullable(moment),
  /** Number of subscribers that the order was sent to; with 0, the client did not get it. */
  emergencyReceivers: z.nullable(wholeNumber),
});

/** All game clients. */
export const GameClientsSchema = z.strictObject({ clients: z.array(GameClientSchema) });

/** The result of an action on game clients. */
export const GameOutcomeSchema = z.strictObject({ done: wholeNumber, illegal: wholeNumber });

/** Figures of the trigger role. */
export const TriggerSchema = z.strictObject({
  clients: wholeNumber,
  addresses: wholeNumber,
  /** The phone that registered last, unless it has gone. */
  newest: z.nullable(newestPhone),
  pings: wholeNumber,
  sendErrors: wholeNumber,
  skippedTurns: wholeNumber,
  lateness: z.array(
    z.strictObject({ seconds: z.nullable(z.number()), turns: wholeNumber }),
  ),
});

/** Selects phones. */
export const PhonesQuery = z.object({
  /** Only phones at this IP address. */
  address: z.optional(z.string()),
  limit: z.prefault(count(1, MEMBERS_PER_ANSWER_MAX), String(MEMBERS_PER_ANSWER_DEFAULT)),
  offset: z.prefault(count(0, Number.MAX_SAFE_INTEGER), "0"),
});

/** Registered phones. */
export const PhonesSchema = z.strictObject({
  phones: z.array(z.strictObject({
    address: z.string(),
    port: wholeNumber,
    registeredMs: milliseconds,
    /** Time until the registration ends unless the phone is heard again. */
    leftMs: milliseconds,
  })),
  total: wholeNumber,
});

/** An error in the format of RFC 9457. */
export const ProblemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: wholeNumber,
  detail: z.string(),
});
