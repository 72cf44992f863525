/**
 * The heartbeat protocol as HTTP.
 *
 * @module
 */

import { NOTIFICATION_FIELD, NOTIFICATION_REFUSED } from "../../core/entrance.ts";
import type { Peer } from "../../net/address.ts";
import type { FastReply } from "../../net/http/fast_reply.ts";
import { errorReply } from "../../wire/hilbert/replies.ts";
import { ReplyTemplate } from "../../wire/http1/reply_template.ts";
import type { RequestHead } from "../../wire/http1/request_head.ts";
import type { Outcome } from "./reply.ts";
import type { HeartbeatService } from "./service.ts";

/** Allows any origin: web pages, `file:` pages and kiosk shells send heartbeats. */
const ANY_ORIGIN = { "Access-Control-Allow-Origin": "*" };
/**
 * Fields of every reply on the port.
 *
 * The reference sends exactly `text/plain`. Replies must not be compressed by a proxy, because some
 * clients offer gzip but print what they get, and an echoed target must not be taken for a web
 * page.
 */
export const HEARTBEAT_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/plain",
  ...ANY_ORIGIN,
  "Cache-Control": "no-store, no-transform",
  "X-Content-Type-Options": "nosniff",
};
const METHODS = "GET, POST, OPTIONS";
const PREFLIGHT_HEADERS = {
  ...ANY_ORIGIN,
  "Access-Control-Allow-Methods": METHODS,
  // Newer browsers ask for this when a public page talks to a local address.
  "Access-Control-Allow-Private-Network": "true",
  "Access-Control-Max-Age": "86400",
  "Cache-Control": "no-store, no-transform",
};

const TEMPLATES: Readonly<Record<Outcome, ReplyTemplate>> = {
  "done": new ReplyTemplate({ status: 200, headers: HEARTBEAT_HEADERS }),
  "bad-request": new ReplyTemplate({ status: 400, headers: HEARTBEAT_HEADERS }),
  "full": new ReplyTemplate({ status: 503, headers: HEARTBEAT_HEADERS }),
  "unwell": new ReplyTemplate({ status: 503, headers: HEARTBEAT_HEADERS }),
};
const METHOD_REFUSED: ReplyTemplate = new ReplyTemplate({
  status: 405,
  headers: { ...HEARTBEAT_HEADERS, "Allow": `HEAD, ${METHODS}` },
});
const NOTIFICATION_REPLY: FastReply = {
  template: new ReplyTemplate({ status: 403, headers: HEARTBEAT_HEADERS }),
  body: `${NOTIFICATION_REFUSED}\n`,
};
const PREFLIGHT: ReplyTemplate = new ReplyTemplate({ status: 204, headers: PREFLIGHT_HEADERS });

/** Field names in a preflight, as many as a page may reasonably want. */
const FIELD_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
/** Characters of the field names that a preflight may ask for. */
const FIELD_NAMES_LENGTH_MAX = 1_024;

/**
 * Answers one request. All methods that carry a heartbeat are treated alike; a body is ignored.
 *
 * @param head The request.
 * @param peer Who sent it.
 */
export function answerHttp(service: HeartbeatService, head: RequestHead, peer: Peer): FastReply {
  switch (head.method) {
    case "GET":
    case "HEAD":
      return hear(service, head, peer);
    case "POST":
      if (head.header(NOTIFICATION_FIELD) !== undefined) return NOTIFICATION_REPLY;
      return hear(service, head, peer);
    case "OPTIONS":
      service.counters.preflights++;
      return { template: preflight(head.header("access-control-request-headers")), body: "" };
    default:
      service.counters.methodsRefused++;
      return { template: METHOD_REFUSED, body: errorReply(head.target) };
  }
}

function hear(service: HeartbeatService, head: RequestHead, peer: Peer): FastReply {
  const { buffer, targetStart, targetEnd } = head;
  const { outcome, body } = service.answerKnown(buffer, targetStart, targetEnd, peer.hostname) ??
    service.answer(head.target, peer.hostname);
  return { template: TEMPLATES[outcome], body };
}

/** Allows the header fields that the preflight requested. */
function preflight(names: string | undefined): ReplyTemplate {
  if (names === undefined || names.length > FIELD_NAMES_LENGTH_MAX) return PREFLIGHT;
  if (!FIELD_NAMES.test(names)) return PREFLIGHT;
  return new ReplyTemplate({
    status: 204,
    headers: { ...PREFLIGHT_HEADERS, "Access-Control-Allow-Headers": names },
  });
}
