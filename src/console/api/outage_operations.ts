/**
 * Who failed how often and for how long.
 *
 * @module
 */

import * as z from "zod/mini";
import { UPTIME_DAYS_MAX } from "../../core/uptime_cells.ts";
import { OUTAGE_SORTS } from "../../core/uptime_tally.ts";
import { json, type Operation } from "./operation.ts";
import {
  count,
  MEMBERS_PER_ANSWER_DEFAULT,
  MEMBERS_PER_ANSWER_MAX,
  outage,
  uptimeFigures,
  wholeNumber,
} from "./schemas.ts";

/** The default number of outages that are told one by one. */
const LATEST_DEFAULT = 20;
/** The most outages that are told one by one. */
export const LATEST_MAX = 200;

/** Which days, in what order, and how many members. */
const OutagesQuery = z.object({
  /** So many days up to today, unless `from` says where to begin. */
  days: z.prefault(count(1, UPTIME_DAYS_MAX), "7"),
  /** The first day, as the host's calendar has it. */
  from: z.optional(z.iso.date()),
  /** The last day; today if not given. */
  to: z.optional(z.iso.date()),
  sort: z.prefault(z.enum(OUTAGE_SORTS), "outages"),
  limit: z.prefault(count(1, MEMBERS_PER_ANSWER_MAX), String(MEMBERS_PER_ANSWER_DEFAULT)),
  offset: z.prefault(count(0, Number.MAX_SAFE_INTEGER), "0"),
  /** The most outages of the period that are told one by one. */
  latest: z.prefault(count(0, LATEST_MAX), String(LATEST_DEFAULT)),
}).check(
  z.refine(({ from, to }) => to === undefined || from !== undefined, "to needs a from"),
  z.refine(({ from = "", to }) => to === undefined || from <= to, "from is after to"),
);

const OutagesSchema = z.strictObject({
  timeZone: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  /** The first day of the period of which anything is known. */
  since: z.nullable(z.iso.date()),
  /** All members together. */
  all: z.strictObject(uptimeFigures),
  members: z.array(z.strictObject({
    id: z.string(),
    name: z.string(),
    address: z.string(),
    station: z.nullable(z.string()),
    /** True if it is no member any more. */
    forgotten: z.boolean(),
    ...uptimeFigures,
  })),
  total: wholeNumber,
  /** Outages that lasted into the period, the latest first. */
  latest: z.array(z.strictObject({
    id: z.string(),
    name: z.string(),
    station: z.nullable(z.string()),
    ...outage,
  })),
});

/** The operations by their identity in the document. */
export const OUTAGE_OPERATIONS = {
  listOutages: {
    method: "get",
    path: "/outages",
    summary:
      "How often and for how long each member was down in a period of days of the host's calendar, " +
      "those with most outages first, and the `latest` outages one by one: the last `days`, or `from` one day `to` another. Forgotten " +
      "members are listed while any of their days is in the period.",
    query: OutagesQuery,
    answer: json("The members, and all of them together.", OutagesSchema),
    problems: [422],
  },
} as const satisfies Readonly<Record<string, Operation>>;
