/**
 * The description of an API operation.
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
  /** The content's schema if it is JSON; other types are text. */
  readonly schema?: z.ZodMiniType;
  /** The data of events of a stream, by their names; others are described in words. */
  readonly events?: Readonly<Record<string, z.ZodMiniType>>;
}

/** One method of one path. */
export interface Operation {
  readonly method: "get" | "post" | "delete";
  /** Below `/api/v1`, with `{name}` for a variable part. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** The most characters of the body, if more than usual. */
  readonly bodyLengthMax?: number;
  readonly answer: Answer;
  /** Another status whose body is not a problem document. */
  readonly otherAnswer?: Answer & { readonly status: number };
  /** Statuses of the problem documents specific to this operation. */
  readonly problems: readonly number[];
}

/** An answer in JSON. */
export function json<S extends z.ZodMiniType>(
  description: string,
  schema: S,
): { readonly description: string; readonly type: "application/json"; readonly schema: S } {
  return { description, type: "application/json", schema };
}
