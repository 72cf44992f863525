/**
 * What the API says of a fleet.
 *
 * @module
 */

import * as z from "zod/mini";
import { SayingSchema } from "./saying_schema.ts";
import { CONDITIONS, VERDICT_WORDS } from "../../core/verdict.ts";
import { milliseconds, moment, wholeNumber } from "./schemas.ts";

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
  /** What it said of itself last. */
  verdict: z.nullable(z.enum(VERDICT_WORDS)),
  headline: z.nullable(z.string()),
  counts: z.nullable(CountsSchema),
  /** Its own console. */
  url: z.nullable(z.string()),
  version: z.nullable(z.string()),
});

/** The hosts of a fleet. */
export const FleetHostsSchema = z.strictObject({ hosts: z.array(FleetHostSchema) });

/** A host of a fleet with its members. */
export const FleetHostDetailSchema = z.strictObject({
  ...FleetHostSchema.shape,
  members: z.array(z.strictObject({
    id: z.string(),
    name: z.string(),
    station: z.nullable(z.string()),
    state: z.enum(CONDITIONS),
    forMs: milliseconds,
    lastState: z.optional(z.enum(CONDITIONS)),
    unknownSince: z.optional(moment),
  })),
  /** Members that found no room in what it told. */
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
