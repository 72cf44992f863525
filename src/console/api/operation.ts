/**
 * What an operation of the API is.
 *
 * @module
 */

import type * as z from "zod/mini";

/** A reply with content of a type. */
export interface Answer {
  readonly description: string;
  readonly type:
    | "application/json"
    | "text/plain"
    | "text/csv"
    | "text/event-stream"
    | "image/svg+xml";
  /** Of JSON; other types are text. */
  readonly schema?: z.ZodMiniType;
}

/** One method of one path. */
export interface Operation {
  readonly method: "get" | "post" | "delete";
  /** Below `/api/v1`, with `{name}` for a part that varies. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** Characters of the body, if it may be longer than most. */
  readonly bodyLengthMax?: number;
  readonly answer: Answer;
  /** Another status whose body is no problem document. */
  readonly otherAnswer?: Answer & { readonly status: number };
  /** Statuses of the problem documents that belong to this operation. */
  readonly problems: readonly number[];
}

/** An answer of JSON. */
export function json<S extends z.ZodMiniType>(
  description: string,
  schema: S,
): { readonly description: string; readonly type: "application/json"; readonly schema: S } {
  return { description, type: "application/json", schema };
}
