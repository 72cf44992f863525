/**
 * The API's schemas for notifications.
 *
 * @module
 */

import * as z from "zod/mini";
import { moment, wholeNumber } from "./schemas.ts";

/** How people are notified. */
export const TellingSchema = z.strictObject({
  /** Number of webhooks and commands. */
  ways: wholeNumber,
  /** The most recent finished run of the command for lost members. */
  lastRun: z.nullable(z.strictObject({
    at: moment,
    member: z.string(),
    /** Null if it was killed, or could not be started. */
    exitStatus: z.nullable(z.int()),
    /** Why it failed, with the beginning of its stderr. */
    problem: z.nullable(z.string()),
  })),
});

/** The result of a test message for each recipient. */
export const TellingTrialsSchema = z.strictObject({
  /** Whether all recipients were reached. */
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
