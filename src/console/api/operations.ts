/**
 * Every operation of the API: routes, checks and document are made from this table. The bundles of
 * hono-openapi and zod-openapi, which would do the same, are 8 to 10 times its size.
 *
 * @module
 */

import { AlarmsSchema } from "./alarm_schema.ts";
import type * as z from "zod/mini";
import { BADGE_OPERATIONS } from "./badge_operations.ts";
import { CARE_OPERATIONS } from "./care_operations.ts";
import { FLEET_OPERATIONS } from "./fleet_operations.ts";
import { FleetNewsSchema } from "./fleet_schemas.ts";
import { MembersQuery } from "./members_question.ts";
import { json, type Operation } from "./operation.ts";
import { OUTAGE_OPERATIONS } from "./outage_operations.ts";
import * as s from "./schemas.ts";
import { TellingSchema, TellingTrialsSchema } from "./telling_schemas.ts";

export type { Operation } from "./operation.ts";

const MEMBER = json("The member as it is now.", s.MemberSchema);

/** The operations by their identity in the document. */
export const OPERATIONS = {
  getVerdict: {
    method: "get",
    path: "/verdict",
    summary: "How the host is: the worst that there is, and the troubled members by name.",
    answer: json("The verdict.", s.VerdictSchema),
    problems: [],
  },
  listMembers: {
    method: "get",
    path: "/members",
    summary: "Lists members of every protocol.",
    query: MembersQuery,
    answer: json("Some of the members.", s.MembersSchema),
    problems: [422],
  },
  getMember: {
    method: "get",
    path: "/members/{id}",
    summary:
      "Shows one member. Everywhere, the identity may be NAME @ ADDRESS, NAME @ STATION, or " +
      "the name alone if no other has it; /members?id=… is the same as /members/….",
    answer: json("The member as it is now, with its last beats.", s.MemberDetailSchema),
    problems: [404, 409],
  },
  isMemberOk: {
    method: "get",
    path: "/members/{id}/ok",
    summary:
      "Says OK (200) or NOT_OK (503), for scripts and monitors. A member in maintenance is OK.",
    answer: { description: "`OK`, and a line end.", type: "text/plain" },
    otherAnswer: { status: 503, description: "`NOT_OK`, and a line end.", type: "text/plain" },
    problems: [404, 409],
  },
  getMemberUptime: {
    method: "get",
    path: "/members/{id}/uptime",
    summary:
      "A member's outages, and how much of the last 24 hours, 7, 30 and 90 days, and of each of the " +
      "last days of the host's calendar, it was there. Time is measured; maintenance does not count. " +
      "A strip has a letter for each half-hour: - unknown, o ok, m maintenance, l late, x lost.",
    query: s.UptimeQuery,
    answer: json("Days and outages, the last one first.", s.UptimeSchema),
    problems: [404, 409, 422],
  },
  pauseMember: {
    method: "post",
    path: "/members/{id}/pause",
    summary:
      "Begins a member's maintenance: it never alarms until that ends. One that was never heard " +
      "is refused unless `expect` says that it will be.",
    body: s.PauseBody,
    answer: MEMBER,
    problems: [400, 404, 409, 413, 422, 503],
  },
  resumeMember: {
    method: "post",
    path: "/members/{id}/resume",
    summary: "Ends a member's maintenance.",
    body: s.EmptyBody,
    answer: MEMBER,
    problems: [400, 404, 409, 413, 422],
  },
  forgetMember: {
    method: "delete",
    path: "/members/{id}",
    summary: "Forgets a member, whatever its state; what happened stays in the history.",
    answer: json("The member as it was.", s.MemberSchema),
    problems: [404, 409],
  },
  announceMember: {
    method: "post",
    path: "/members/{id}/announce",
    summary: "Expects a member that will take some time to be heard.",
    body: s.AnnounceBody,
    answer: MEMBER,
    problems: [400, 404, 409, 413, 422, 503],
  },
  pauseHost: {
    method: "post",
    path: "/pause",
    summary: "Begins the maintenance of the whole host.",
    body: s.PauseBody,
    answer: json("The maintenance.", s.HostPauseSchema),
    problems: [400, 413, 422],
  },
  resumeHost: {
    method: "post",
    path: "/resume",
    summary: "Ends the maintenance of the whole host.",
    body: s.EmptyBody,
    answer: json("No maintenance.", s.HostPauseSchema),
    problems: [400, 413, 422],
  },
  confirmWarnings: {
    method: "post",
    path: "/warnings/confirm",
    summary:
      "Confirms the warnings that stay until somebody does, after a damaged database for instance.",
    body: s.EmptyBody,
    answer: json("The warnings that still stand.", s.WarningsSchema),
    problems: [400, 413, 422],
  },
  listHistory: {
    method: "get",
    path: "/history",
    summary: "What happened, newest first.",
    query: s.HistoryQuery,
    answer: json("Entries.", s.HistorySchema),
    problems: [404, 409, 422],
  },
  exportHistory: {
    method: "get",
    path: "/history.csv",
    summary: "What happened, newest first, as a table for spreadsheets.",
    query: s.HistoryQuery,
    answer: { description: "RFC 4180 with a head line.", type: "text/csv" },
    problems: [404, 409, 422],
  },
  streamEvents: {
    method: "get",
    path: "/events",
    summary: "What happens, as server-sent events: a snapshot, then each change.",
    query: s.EventsQuery,
    answer: {
      description: "Events `snapshot`, `member`, `forgotten`, `host`, `happened`, `games`, " +
        "`alarms`, `waves`, `strips` with what a minute changed, and each second `pulse`; with " +
        "`fleet=1` also `fleet`: all hosts after a snapshot, then those that have changed, and at " +
        "least each second how the fleet is. Their data is one line of JSON.",
      type: "text/event-stream",
      events: { fleet: FleetNewsSchema },
    },
    problems: [404, 422, 503],
  },
  getTelling: {
    method: "get",
    path: "/notify",
    summary: "How people are told of lost members, and how the command for one of them ended last.",
    answer: json("The number of ways, and the last run.", TellingSchema),
    problems: [],
  },
  testNotifications: {
    method: "post",
    path: "/notify/test",
    summary:
      "Sends a test message to every webhook and runs the command for lost members once, and says " +
      "what came of each. It takes a minute at most.",
    body: s.EmptyBody,
    answer: json("Each way of telling, in the order of the settings.", TellingTrialsSchema),
    problems: [400, 404, 413, 422],
  },
  listGameClients: {
    method: "get",
    path: "/game/clients",
    summary: "Lists the game clients.",
    answer: json("All game clients.", s.GameClientsSchema),
    problems: [404],
  },
  operateAllGameClients: {
    method: "post",
    path: "/game/action",
    summary: "Starts, calls back, stops or calibrates every game client that may do so.",
    body: s.GameActionBody,
    answer: json("How many did it, and in whose state it is not allowed.", s.GameOutcomeSchema),
    problems: [400, 404, 413, 422],
  },
  operateGameClient: {
    method: "post",
    path: "/game/clients/{id}/action",
    summary: "Starts, calls back, stops or calibrates one game client.",
    body: s.GameActionBody,
    answer: json("That it is done.", s.GameOutcomeSchema),
    problems: [400, 404, 409, 413, 422],
  },
  forceGameClient: {
    method: "post",
    path: "/game/clients/{id}/state",
    summary: "Sets a game client's state whatever it was.",
    body: s.GameStateBody,
    answer: json("That it is done.", s.GameOutcomeSchema),
    problems: [400, 404, 413, 422],
  },
  getTriggerFigures: {
    method: "get",
    path: "/trigger",
    summary: "How many phones are woken, and how regularly.",
    answer: json("The figures.", s.TriggerSchema),
    problems: [404],
  },
  listPhones: {
    method: "get",
    path: "/trigger/phones",
    summary: "The phones that are woken, or those of one address: is mine registered?",
    query: s.PhonesQuery,
    answer: json("Some of the phones, and how many there are.", s.PhonesSchema),
    problems: [404, 422],
  },
  listAlarms: {
    method: "get",
    path: "/hev/alarms",
    summary: "The instrument's standing alarms, in order of first arrival.",
    answer: json("The alarms.", AlarmsSchema),
    problems: [404],
  },
  acknowledgeAlarm: {
    method: "post",
    path: "/hev/alarms/{id}/acknowledge",
    summary: "Takes a standing alarm off the list.",
    body: s.EmptyBody,
    answer: json("The alarms that still stand.", AlarmsSchema),
    problems: [400, 404, 413, 422],
  },
  ...BADGE_OPERATIONS,
  ...CARE_OPERATIONS,
  ...FLEET_OPERATIONS,
  ...OUTAGE_OPERATIONS,
} as const satisfies Readonly<Record<string, Operation>>;

/** The identity of an operation. */
export type OperationId = keyof typeof OPERATIONS;

type OutputOf<O, K extends string> = O extends Readonly<Record<K, infer S>>
  ? S extends z.ZodMiniType ? z.output<S> : undefined
  : undefined;

/** A checked request. */
export interface Call<O> {
  /** The value of `{id}` or `?id=`; empty if the path has none. */
  readonly id: string;
  readonly query: OutputOf<O, "query">;
  readonly body: OutputOf<O, "body">;
  readonly peerAddress: string;
  /** Whether the client still has the right to see what it asked for. */
  readonly holds: () => boolean;
}

/** The handler of each operation; a plain object is sent as JSON. */
export type Handlers = {
  readonly [K in OperationId]: (
    call: Call<typeof OPERATIONS[K]>,
  ) => object | Response | Promise<object>;
};
