/**
 * Sends a page that the server has made.
 *
 * @module
 */

import type { Context } from "hono";
import type { HtmlEscapedString } from "hono/utils/html";
import { visibleLines } from "../core/visible.ts";
import { CHALLENGE } from "./problem.ts";

/**
 * Sends HTML. Every invisible character becomes an escape, wherever it stands: names come from the
 * network, and some would reorder or hide the text around them.
 */
export async function sendPage(
  context: Context,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: 200 | 401 | 403 | 429 = 200,
): Promise<Response> {
  if (status === 401) context.header("www-authenticate", CHALLENGE);
  return context.html(visibleLines(String(await page)), status);
}
