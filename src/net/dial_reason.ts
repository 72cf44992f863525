/**
 * Why a server could not be reached, in words for people.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";

/** The reason, worded to follow "PLACE: ". */
export function dialReason(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "nothing listens there";
  const isEnded = error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.BrokenPipe;
  return isEnded ? "the server ended the connection" : messageOf(error);
}
