/**
 * The API as an OpenAPI 3.1 document, made from the table of operations.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Answer, Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { ProblemSchema } from "./schemas.ts";

/** The path below which all operations are. */
export const API_PATH = "/api/v1";

const PROBLEM_REF = { $ref: "#/components/schemas/Problem" };

/** Why a problem document with this status is sent. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: "The body is not a JSON object.",
  401: "A token is needed, or the given one is wrong.",
  403: "Not allowed from this machine, or not with this token.",
  404: "It does not exist.",
  409: "The name is not unique, or the state does not allow it.",
  413: "The body is too large.",
  422: "A value is out of range or of the wrong type.",
  429: "Too many wrong tokens; try again later.",
  503: "There is no room for one more.",
};
/** Any operation may be refused with these. */
const ACCESS_PROBLEMS = [401, 403, 429];

/** Makes the document. */
export function createDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [id, operation] of Object.entries(OPERATIONS)) {
    const path = paths[API_PATH + operation.path] ??= {};
    path[operation.method] = describe(id, operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Pulsebox console",
      version,
      description: "Who is alive, and in which state. Durations are milliseconds.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "." }],
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      schemas: { Problem: schemaOf(ProblemSchema) },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "Needed if the host has a token file; without one, changes are taken from " +
            "the host's own machine only.",
        },
      },
    },
  };
}

function describe(operationId: string, operation: Operation): object {
  const parameters = [
    ...(operation.path.includes("{id}") ? [PATH_PARAMETER] : []),
    ...queryParameters(operation.query),
  ];
  const statuses = [...new Set([...operation.problems, ...ACCESS_PROBLEMS])]
    .filter((status) => status !== operation.otherAnswer?.status).sort();
  return {
    operationId,
    summary: operation.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined ? {} : {
      requestBody: { content: { "application/json": { schema: schemaOf(operation.body) } } },
    }),
    responses: {
      200: contentOf(operation.answer),
      ...(operation.otherAnswer === undefined
        ? {}
        : { [operation.otherAnswer.status]: contentOf(operation.otherAnswer) }),
      ...Object.fromEntries(statuses.map((status) => [status, {
        description: PROBLEMS[status] ?? "Refused.",
        content: { "application/problem+json": { schema: PROBLEM_REF } },
      }])),
    },
  };
}

const PATH_PARAMETER = {
  name: "id",
  in: "path",
  required: true,
  description: "Percent-encoded, the slash of `PROTOCOL/IDENTITY` too.",
  schema: { type: "string" },
};

function queryParameters(query: z.ZodMiniType | undefined): object[] {
  if (query === undefined) return [];
  const { properties = {} } = schemaOf(query) as { properties?: Record<string, object> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", schema }));
}

function contentOf({ description, type, schema, events }: Answer): object {
  const described = schema === undefined ? { type: "string" } : schemaOf(schema);
  // OpenAPI 3.1 has no word for the events of a stream.
  const named = Object.entries(events ?? {}).map(([name, data]) => [name, schemaOf(data)]);
  const extension = named.length === 0 ? {} : { "x-events": Object.fromEntries(named) };
  return { description, content: { [type]: { schema: described, ...extension } } };
}

function schemaOf(schema: z.ZodMiniType): object {
  // JSON Schema cannot express every check of a query; the server checks the rest.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
