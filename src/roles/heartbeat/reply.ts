/**
 * The answer to an application's request, before it becomes HTTP.
 *
 * @module
 */

import { errorReply } from "../../wire/hilbert/replies.ts";

/** How a request ended. `unwell` answers a health check that found a problem. */
export type Outcome = "done" | "bad-request" | "full" | "unwell";

/** A reply before it becomes HTTP. */
export interface HeartbeatReply {
  readonly outcome: Outcome;
  readonly body: string;
}

/** All is well. */
export function done(body: string): HeartbeatReply {
  return { outcome: "done", body };
}

/** The request makes no sense. */
export function bad(target: string): HeartbeatReply {
  return { outcome: "bad-request", body: errorReply(target) };
}

/** There is no room for another application. */
export function full(target: string): HeartbeatReply {
  return { outcome: "full", body: errorReply(target) };
}

/**
 * @param wait How long Pulsebox will wait, in the protocol's unit; rounded up to whole units.
 */
export function waitReply(wait: number): HeartbeatReply {
  return done(String(Math.ceil(wait)));
}
