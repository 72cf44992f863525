/**
 * Replies that the HTTP server makes itself, without asking a service.
 *
 * @module
 */

import { ReplyTemplate } from "../../wire/http1/reply_template.ts";
import type { FastReply } from "./fast_reply.ts";
import type { HttpService } from "./service.ts";

/** One template for each status that occurred on a service's port; there are about ten. */
const TEMPLATES = new WeakMap<HttpService, Map<number, ReplyTemplate>>();

/**
 * Makes a reply of one plain line, with the fields that the service wants on all replies.
 *
 * @param service The service of the port that sends the reply.
 * @param status 400 to 599.
 * @param body The line, including its line end.
 * @param fields What else such a status has to say; the same for all replies of that status.
 */
export function ownReply(
  service: HttpService,
  status: number,
  body: string,
  fields: Readonly<Record<string, string>> = {},
): FastReply {
  let templates = TEMPLATES.get(service);
  if (templates === undefined) TEMPLATES.set(service, templates = new Map());
  let template = templates.get(status);
  if (template === undefined) {
    const type = { "Content-Type": "text/plain; charset=utf-8" };
    const headers = { ...type, ...service.ownReplyHeaders, ...fields };
    templates.set(status, template = new ReplyTemplate({ status, headers }));
  }
  return { template, body };
}
