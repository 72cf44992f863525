/**
 * The operator's API, `/api/v1`.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import * as v from "valibot";
import { DAY_MS, SECOND_MS } from "../core/clock.ts";
import type { Member, Pause } from "../core/member.ts";
import type { Roster } from "../core/roster.ts";
import { writeRefusal } from "./access.ts";
import type { Host } from "./host.ts";
import { type MemberView, viewMember, viewPause } from "./member_view.ts";
import { type Problem, problemResponse } from "./problem.ts";

/** Members in one answer, if the question does not say, and at the most. */
export const MEMBERS_PER_ANSWER_DEFAULT = 1_000;
export const MEMBERS_PER_ANSWER_MAX = 10_000;
/** Bytes of a request body. */
const BODY_BYTES_MAX = 4_096;
/** Characters of the reason for a maintenance. */
const REASON_LENGTH_MAX = 200;
/** The longest maintenance that ends by itself, in milliseconds. */
const PAUSE_MS_MAX: number = 366 * DAY_MS;
/** How long an announced member may take to be heard unless told otherwise, in milliseconds. */
const GRACE_MS_DEFAULT: number = 15 * SECOND_MS;

/** What hono knows of a request beside the request itself. */
export type ConsoleEnvironment = { Bindings: { peerAddress: string } };

const duration = (minMs: number, maxMs: number) =>
  v.pipe(v.number(), v.minValue(minMs), v.maxValue(maxMs));

const count = (min: number, max: number) =>
  v.pipe(v.string(), v.digits(), v.toNumber(), v.integer(), v.minValue(min), v.maxValue(max));

const PauseBody = v.strictObject({
  reason: v.optional(v.pipe(v.string(), v.maxLength(REASON_LENGTH_MAX)), ""),
  forMs: v.optional(duration(SECOND_MS, PAUSE_MS_MAX)),
});

const AnnounceBody = v.strictObject({
  graceMs: v.optional(duration(SECOND_MS, DAY_MS), GRACE_MS_DEFAULT),
});

const ListQuery = v.object({
  limit: v.optional(count(1, MEMBERS_PER_ANSWER_MAX), String(MEMBERS_PER_ANSWER_DEFAULT)),
  offset: v.optional(count(0, Number.MAX_SAFE_INTEGER), "0"),
});

/** Makes the routes of the API. */
export function createApi(host: Host): Hono<ConsoleEnvironment> {
  const api = new Hono<ConsoleEnvironment>();

  api.use("*", async (context, next) => {
    const refusal = writeRefusal(context.req.raw, context.env.peerAddress);
    if (refusal !== undefined) return problemResponse(refusal);
    await next();
    if (context.req.method === "POST") host.wake();
    context.header("cache-control", "no-store");
    return;
  });

  api.get("/members", (context) => {
    const query = v.safeParse(ListQuery, context.req.query());
    if (!query.success) return problemResponse(invalid(query.issues));
    return context.json(listMembers(host, query.output.offset, query.output.limit));
  });

  api.get("/members/:id", (context) => {
    const found = findMember(host, context.req.param("id"));
    if (found === undefined) return problemResponse(unknownMember(context.req.param("id")));
    return context.json(viewMember(found.roster, found.member, viewContext(host)));
  });

  api.post("/members/:id/pause", async (context) => {
    const body = await readBody(context, PauseBody);
    if (body instanceof Response) return body;
    const id = context.req.param("id");
    const target = parseMemberId(host, id);
    if (target === undefined) return problemResponse(unknownMember(id));
    const now = host.now();
    const member = target.roster.pause(target.ref, toPause(body, now), now);
    if (typeof member === "string") return problemResponse(full(member));
    return context.json(viewMember(target.roster, member, viewContext(host)));
  });

  api.post("/members/:id/resume", (context) => {
    const id = context.req.param("id");
    const found = findMember(host, id);
    if (found === undefined) return problemResponse(unknownMember(id));
    const view = viewMember(found.roster, found.member, viewContext(host));
    found.roster.resume(found.member, "operator", host.now());
    const after = found.roster.get(found.member.id);
    return context.json(
      after === undefined
        ? { ...view, pause: null }
        : viewMember(found.roster, after, viewContext(host)),
    );
  });

  api.post("/members/:id/announce", async (context) => {
    const body = await readBody(context, AnnounceBody);
    if (body instanceof Response) return body;
    const id = context.req.param("id");
    const target = parseMemberId(host, id);
    if (target === undefined) return problemResponse(unknownMember(id));
    const member = target.roster.announce(target.ref, body.graceMs, host.now());
    if (typeof member === "string") return problemResponse(full(member));
    return context.json(viewMember(target.roster, member, viewContext(host)));
  });

  api.post("/pause", async (context) => {
    const body = await readBody(context, PauseBody);
    if (body instanceof Response) return body;
    const now = host.now();
    host.members.pauseAll(toPause(body, now), now);
    return context.json({ pause: viewPause(host.members.pause, viewContext(host)) });
  });

  api.post("/resume", (context) => {
    host.members.resumeAll("operator", host.now());
    return context.json({ pause: null });
  });

  return api;
}

/** The members of all protocols, from the `offset`th on. */
function listMembers(
  host: Host,
  offset: number,
  limit: number,
): { members: MemberView[]; total: number; pause: ReturnType<typeof viewPause> } {
  const context = viewContext(host);
  host.members.advance(context.now);
  const members: MemberView[] = [];
  let index = 0;
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      if (index++ < offset) continue;
      if (members.length === limit) break;
      members.push(viewMember(roster, member, context));
    }
  }
  return { members, total: host.members.size, pause: viewPause(host.members.pause, context) };
}

function viewContext(host: Host) {
  return { now: host.now(), wall: host.clock.wall(), stations: host.stations };
}

function findMember(host: Host, id: string): { roster: Roster; member: Member } | undefined {
  for (const roster of host.members.rosters()) {
    const prefix = `${roster.rules.protocol}/`;
    const member = id.startsWith(prefix) ? roster.get(id.slice(prefix.length)) : undefined;
    if (member !== undefined) return { roster, member };
  }
  return undefined;
}

/** Like {@linkcode findMember}, and makes up the names of a member that was never heard. */
function parseMemberId(
  host: Host,
  id: string,
): { roster: Roster; ref: { id: string; name: string; address: string } } | undefined {
  const found = findMember(host, id);
  if (found !== undefined) return { roster: found.roster, ref: found.member };
  for (const roster of host.members.rosters()) {
    const prefix = `${roster.rules.protocol}/`;
    if (!id.startsWith(prefix)) continue;
    const ref = roster.rules.parseId?.(id.slice(prefix.length));
    if (ref !== undefined) return { roster, ref };
  }
  return undefined;
}

function toPause(body: v.InferOutput<typeof PauseBody>, now: number): Pause {
  return { reason: body.reason, until: body.forMs === undefined ? Infinity : now + body.forMs };
}

async function readBody<S extends v.GenericSchema>(
  context: Context<ConsoleEnvironment>,
  schema: S,
): Promise<v.InferOutput<S> | Response> {
  const text = await context.req.text();
  if (text.length > BODY_BYTES_MAX) {
    return problemResponse({
      status: 413,
      title: "Body too large",
      detail: `The body has ${text.length} characters, at most ${BODY_BYTES_MAX} are read`,
    });
  }
  const value = text === "" ? {} : parseObject(text);
  if (value === undefined) {
    return problemResponse({
      status: 400,
      title: "Body is no JSON object",
      detail: "The body must be one JSON object, or empty",
    });
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : problemResponse(invalid(parsed.issues));
}

/** The schemas take an array for an object without properties; nobody means that. */
function parseObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function invalid(issues: readonly v.BaseIssue<unknown>[]): Problem {
  const details = issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  return { status: 422, title: "Invalid input", detail: details.join("; ") };
}

function unknownMember(id: string): Problem {
  return { status: 404, title: "No such member", detail: `No member has the identity "${id}"` };
}

function full(refusal: "full" | "address-full"): Problem {
  return {
    status: 503,
    title: "No room",
    detail: refusal === "full"
      ? "The table of members is full"
      : "This address has as many members as are allowed",
  };
}
