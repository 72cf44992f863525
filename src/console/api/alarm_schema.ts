/**
 * The API's schema of an instrument's alarms.
 *
 * @module
 */

import * as z from "zod/mini";
import { milliseconds, moment, wholeNumber } from "./schemas.ts";

/** The listed alarms. */
export const AlarmsSchema = z.strictObject({
  alarms: z.array(z.strictObject({
    name: z.string(),
    priority: z.string(),
    /** When it was last raised; null if that was before this run of Pulsebox. */
    raisedAt: z.nullable(moment),
    /** The same on the controller's own clock; null if it sends no timestamps. */
    stampMs: z.nullable(milliseconds),
    /** How often it was raised since it was listed. */
    count: wholeNumber,
  })),
});
