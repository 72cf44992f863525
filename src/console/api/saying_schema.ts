/**
 * A sentence that a client can translate.
 *
 * @module
 */

import * as z from "zod/mini";

const saying = {
  /** Names the sentence. */
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
};

/** The headline's key and values, and the sentences nested in it. */
export const SayingSchema = z.strictObject({
  ...saying,
  parts: z.optional(z.array(z.strictObject(saying))),
});
