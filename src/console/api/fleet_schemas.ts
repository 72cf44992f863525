/**
 * The API's schemas of a fleet.
 *
 * @module
 */

import * as z from "zod/mini";
import { SayingSchema } from "./saying_schema.ts";
import { CONDITIONS, VERDICT_WORDS } from "../../core/verdict.ts";
import { count, MEMBERS_PER_ANSWER_MAX, milliseconds, moment, wholeNumber } from "./schemas.ts";

/** Longest text to search for, in characters; and the default number of results. */
const FIND_LENGTH_MAX = 200;
const FINDINGS_DEFAULT = 50;

const CountsSchema = z.record(z.enum(CONDITIONS), wholeNumber);
const fleetStates = [
  "lost",
  "gone",
  "late",
  "unknown",
  "starting",
  "maintenance",
  "ok",
] as const;

const FleetHostSchema = z.strictObject({
  host: z.string(),
  label: z.nullable(z.string()),
  /** The state of the host itself. */
  state: z.enum(fleetStates),
  since: moment,
  silentMs: z.nullable(milliseconds),
  /** Its last report about itself. */
  verdict: z.nullable(z.enum(VERDICT_WORDS)),
  headline: z.nullable(z.string()),
  counts: z.nullable(CountsSchema),
  /** The URL of its own console. */
  url: z.nullable(z.string()),
  version: z.nullable(z.string()),
});

/** The hosts of a fleet. */
export const FleetHostsSchema = z.strictObject({ hosts: z.array(FleetHostSchema) });

const FleetMemberSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  station: z.nullable(z.string()),
  state: z.enum(CONDITIONS),
  forMs: milliseconds,
  lastState: z.optional(z.enum(CONDITIONS)),
  unknownSince: z.optional(moment),
});

/** Which members to find, and how many at most. */
export const FleetMembersQuery = z.object({
  q: z.string().check(z.minLength(1), z.maxLength(FIND_LENGTH_MAX)),
  limit: z.prefault(count(1, MEMBERS_PER_ANSWER_MAX), String(FINDINGS_DEFAULT)),
});

/** Members of several hosts. */
export const FleetFindingsSchema = z.strictObject({
  members: z.array(z.strictObject({
    ...FleetMemberSchema.shape,
    host: z.string(),
    /** The URL of its host's console. */
    url: z.nullable(z.string()),
  })),
  /** Counts all results. */
  total: wholeNumber,
});

/** A host of a fleet with its members. */
export const FleetHostDetailSchema = z.strictObject({
  ...FleetHostSchema.shape,
  members: z.array(FleetMemberSchema),
  /** Number of members that did not fit into its report. */
  omitted: wholeNumber,
});

/** How well a console knows its fleet. */
export const FleetStatusSchema = z.strictObject({
  fleet: z.string(),
  host: z.string(),
  verdict: z.enum(VERDICT_WORDS),
  saying: SayingSchema,
  headline: z.string(),
  deaf: z.boolean(),
  heardMsAgo: z.nullable(milliseconds),
  broker: z.nullable(
    z.strictObject({ name: z.string(), version: z.string(), place: z.string() }),
  ),
  hosts: z.record(z.enum(fleetStates), wholeNumber),
  warnings: z.array(z.string()),
});

/** What an event stream tells of a fleet. */
export const FleetNewsSchema = z.strictObject({
  at: moment,
  /** Whether `hosts` are all that there are. */
  all: z.boolean(),
  status: FleetStatusSchema,
  /** Those that are not as they were told last. */
  hosts: z.array(FleetHostSchema),
  /** Names of hosts that are known no more. */
  forgotten: z.array(z.string()),
});
