/**
 * Replies of the fast path, made without `Request` and `Response` objects.
 *
 * @module
 */

import type { ReplyTemplate } from "../../wire/http1/reply_template.ts";

/** An answer of the fast path. */
export interface FastReply {
  /** Status and fields, made once. */
  readonly template: ReplyTemplate;
  /** Text (sent as UTF-8) or bytes. */
  readonly body: string | Uint8Array;
}
