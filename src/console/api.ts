/**
 * The operator's API, `/api/v1`.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { z } from "zod";
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

/** What hono knows of a request beside the request itself. */
export type ConsoleEnvironment = { Bindings: { peerAddress: string } };

const PauseBody = z.strictObject({
  reason: z.string().max(200).default(""),
  forMs: z.number().min(SECOND_MS).max(366 * DAY_MS).optional(),
});

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MEMBERS_PER_ANSWER_MAX)
    .default(MEMBERS_PER_ANSWER_DEFAULT),
  offset: z.coerce.number().int().min(0).default(0),
});

const AnnounceBody = z.strictObject({
  graceMs: z.number().min(SECOND_MS).max(DAY_MS).default(15 * SECOND_MS),
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
    const query = ListQuery.safeParse(context.req.query());
    if (!query.success) return problemResponse(invalid(query.error));
    return context.json(listMembers(host, query.data.offset, query.data.limit));
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
export function listMembers(
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

function toPause(body: z.output<typeof PauseBody>, now: number): Pause {
  return { reason: body.reason, until: body.forMs === undefined ? Infinity : now + body.forMs };
}

async function readBody<S extends z.ZodType>(
  context: Context<ConsoleEnvironment>,
  schema: S,
): Promise<z.output<S> | Response> {
  const text = await context.req.text();
  if (text.length > BODY_BYTES_MAX) {
    return problemResponse({
      status: 413,
      title: "Body too large",
      detail: `The body has ${text.length} characters, at most ${BODY_BYTES_MAX} are read`,
    });
  }
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    return problemResponse({
      status: 400,
      title: "Body is not JSON",
      detail: "The body must be one JSON object, or empty",
    });
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : problemResponse(invalid(parsed.error));
}

function invalid(error: z.ZodError): Problem {
  const issues = error.issues.map((issue) => {
    const path = issue.path.join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  return { status: 422, title: "Invalid input", detail: issues.join("; ") };
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
