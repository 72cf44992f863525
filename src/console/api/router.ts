/**
 * The operator's API, `/api/v1`: every request is checked before its handler sees it.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { EVENT_STREAM_HEADERS } from "../live/event_stream.ts";
import { type Problem, problemResponse } from "../problem.ts";
import {
  type Call,
  type Handlers,
  type Operation,
  type OperationId,
  OPERATIONS,
} from "./operations.ts";

/** The most bytes of a request body. */
export const BODY_BYTES_MAX = 4_096;

/** What hono knows about a request besides the request itself. */
export type ConsoleEnvironment = {
  Bindings: { peerAddress: string };
  Variables: { holds: () => boolean };
};

/** The refusal of a request; thrown by handlers. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/**
 * Makes the routes of the API.
 *
 * @param onChange Called after an operation that may have changed something.
 */
export function createRouter(handlers: Handlers, onChange: () => void): Hono<ConsoleEnvironment> {
  const router = new Hono<ConsoleEnvironment>();
  const ids = Object.keys(OPERATIONS) as OperationId[];
  const routes = ids.map((id) => {
    const operation: Operation = OPERATIONS[id];
    // The table's checks make the call that this handler takes.
    const handler = handlers[id] as unknown as (
      call: Call<unknown>,
    ) => object | Response | Promise<object>;
    const handle = (context: Context<ConsoleEnvironment>) =>
      reply(operation, handler, context, onChange);
    return { method: operation.method.toUpperCase(), path: operation.path, handle };
  });
  // Proxies decode an escaped slash, so an identity can also be in the query. These routes come
  // first: with an identity in the query, /members/pause is not about a member named "pause".
  for (const { method, path, handle } of routes) {
    if (!path.includes(ID_PART)) continue;
    router.all(path.replace(ID_PART, ""), async (context, next) => {
      const asked = context.req.method === "HEAD" ? "GET" : context.req.method;
      if (asked !== method || context.req.query("id") === undefined) return await next();
      return await handle(context);
    });
  }
  for (const { method, path, handle } of routes) {
    router.on(method, path.replace(ID_PART, "/:id"), handle);
  }
  return router;
}

/** The variable part of the path. */
const ID_PART = "/{id}";

async function reply(
  operation: Operation,
  handler: (call: Call<unknown>) => object | Response | Promise<object>,
  context: Context<ConsoleEnvironment>,
  onChange: () => void,
): Promise<Response> {
  // The body of a reply to HEAD is discarded; a stream would never learn that nobody reads it.
  if (context.req.method === "HEAD" && operation.answer.type === "text/event-stream") {
    return new Response(null, { headers: EVENT_STREAM_HEADERS });
  }
  const result = await perform(operation, handler, context);
  if (operation.method !== "get") onChange();
  if (!(result instanceof Response)) return context.json(result, 200, NOT_KEPT);
  if (!result.headers.has("cache-control")) result.headers.set("cache-control", "no-store");
  return result;
}

const NOT_KEPT = { "cache-control": "no-store" };

async function perform(
  operation: Operation,
  handler: (call: Call<unknown>) => object | Response | Promise<object>,
  context: Context<ConsoleEnvironment>,
): Promise<object | Response> {
  try {
    const call: Call<never> = {
      id: context.req.param("id") ?? context.req.query("id") ?? "",
      query: check(operation.query, context.req.query()) as never,
      body: (operation.body === undefined
        ? undefined
        : check(operation.body, await readBody(context, operation.bodyLengthMax))) as never,
      peerAddress: context.env.peerAddress,
      holds: context.get("holds"),
    };
    return await handler(call);
  } catch (error) {
    if (error instanceof Refusal) return problemResponse(error.problem);
    throw error;
  }
}

function check(schema: z.ZodMiniType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`
  );
  throw new Refusal({ status: 422, title: "Invalid input", detail: details.join("; ") });
}

/** The body as an object; an empty body means no properties. */
async function readBody(
  context: Context<ConsoleEnvironment>,
  lengthMax = BODY_BYTES_MAX,
): Promise<unknown> {
  const text = await context.req.text();
  if (text.length > lengthMax) {
    throw new Refusal({
      status: 413,
      title: "Body too large",
      detail: `The body has ${text.length} characters, at most ${lengthMax} are read`,
    });
  }
  const value = text === "" ? {} : parseObject(text);
  if (value !== undefined) return value;
  throw new Refusal({
    status: 400,
    title: "Body is not a JSON object",
    detail: "The body must be one JSON object, or empty",
  });
}

function parseObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
