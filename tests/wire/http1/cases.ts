/**
 * One table of requests, good and bad, for the parser, the server, the fuzzer and the comparison with
 * another parser.
 *
 * @module
 */

import { AMBIGUOUS } from "./cases_ambiguous.ts";
import { PORTABLE } from "./cases_portable.ts";
import { REFUSED } from "./cases_refused.ts";
import { TAKEN } from "./cases_taken.ts";

/** A stream of bytes and what it means. */
export interface Http1Case {
  /** What is special about it; no two cases have the same. */
  readonly name: string;
  /** What the client sends, each character one byte. */
  readonly bytes: string;
  /**
   * What the server sees: complete requests as `METHOD target` or `METHOD target|body`, then perhaps
   * `more` (the bytes end inside a request) or the status with which the stream is refused.
   */
  readonly sees: readonly (string | number)[];
  /** If it matters: whether each head keeps the connection, and what else it asks for. */
  readonly flags?: readonly string[];
  /** Why Node's parser sees something else, if it does. */
  readonly nodeDiffers?: string;
}

/** All cases. */
export const CASES: readonly Http1Case[] = [...TAKEN, ...REFUSED, ...AMBIGUOUS, ...PORTABLE];
