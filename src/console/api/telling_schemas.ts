/**
 * What the API says of the ways in which a host tells people.
 *
 * @module
 */

import * as z from "zod/mini";
import { moment, wholeNumber } from "./schemas.ts";

/** How people are told. */
export const TellingSchema = z.strictObject({
  /** Webhooks, and the command. */
  ways: wholeNumber,
  /** The run of the command for a lost member that ended last. */
  lastRun: z.nullable(z.strictObject({
    at: moment,
    member: z.string(),
    /** Null if it did not end by itself, or could not be started. */
    exitStatus: z.nullable(z.int()),
    /** Why it failed, with the beginning of what it wrote to stderr. */
    problem: z.nullable(z.string()),
  })),
});

/** What came of a test message on each way of telling. */
export const TellingTrialsSchema = z.strictObject({
  /** Whether all of them work. */
  ok: z.boolean(),
  trials: z.array(z.strictObject({
    way: z.enum(["webhook", "command"]),
    /** Host and port of a webhook, or the option of the command. */
    target: z.string(),
    ok: z.boolean(),
    /** The status, or why it failed. */
    detail: z.string(),
  })),
});
