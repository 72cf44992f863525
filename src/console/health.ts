/**
 * Reports whether the host is healthy, for load balancers and monitors.
 *
 * @module
 */

import type { FastReply } from "../net/http/fast_reply.ts";
import { ReplyTemplate } from "../wire/http1/reply_template.ts";
import type { RequestHead } from "../wire/http1/request_head.ts";
import type { Host } from "./host.ts";

const HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};
const WELL = new ReplyTemplate({ status: 200, headers: HEADERS });
const FAILING = new ReplyTemplate({ status: 503, headers: HEADERS });

const WRONG_METHOD = new ReplyTemplate({
  status: 405,
  headers: { ...HEADERS, "Allow": "GET, HEAD" },
});

/** Both paths give the same answer: a role listens from its start to its end. */
const TARGETS: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/**
 * Answers `GET /healthz` and `GET /readyz`: 200 while every role does its job, else 503. Monitors
 * ask often, so this does not load the console's application, which may never be needed.
 *
 * @return The reply, or `undefined` for any other request.
 */
export function answerHealth(host: Host, head: RequestHead): FastReply | undefined {
  // RFC 9112 section 3.2.2: a target may be a whole URL. One of another host is judged by the server.
  const [, authority, path = ""] = /^(?:https?:\/\/([^/?#]*))?(.*)$/i.exec(head.target) ?? [];
  if (!TARGETS.has(path) || (authority !== undefined && authority !== head.header("host"))) {
    return undefined;
  }
  if (head.method !== "GET" && head.method !== "HEAD") {
    const detail = `${path} does not take ${head.method}, but GET`;
    return { template: WRONG_METHOD, body: JSON.stringify({ detail }) };
  }
  const problems = host.problems();
  const ok = problems.length === 0;
  const body = { status: ok ? "ok" : "failing", problems, warnings: host.warnings() };
  return { template: ok ? WELL : FAILING, body: JSON.stringify(body) };
}
