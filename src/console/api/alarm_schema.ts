/**
 * What the API says of an instrument's alarms.
 *
 * @module
 */

import * as z from "zod/mini";
import { milliseconds, moment, wholeNumber } from "./schemas.ts";

/** The alarms that stand. */
export const AlarmsSchema = z.strictObject({
  alarms: z.array(z.strictObject({
    name: z.string(),
    priority: z.string(),
    /** When it was raised last; null if that was before this run of Pulsebox. */
    raisedAt: z.nullable(moment),
    /** The same on the controller's own clock; null if it stamps nothing. */
    stampMs: z.nullable(milliseconds),
    /** How often it was raised since it was listed. */
    count: wholeNumber,
  })),
});
