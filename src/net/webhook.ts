/**
 * Sending a notification to somebody's URL.
 *
 * @module
 */

import { Patience } from "./timer.ts";
import { parseRetryAfter } from "./http/retry_after.ts";

/** What came of an attempt. */
export type WebhookOutcome =
  | { readonly result: "delivered"; readonly status: number }
  /** The endpoint refuses this message for good; a retry is useless. */
  | { readonly result: "gone"; readonly reason: string }
  | { readonly result: "failed"; readonly reason: string; readonly retryAfterMs?: number };

/** How long an endpoint may take to answer, in milliseconds. */
export const WEBHOOK_TIMEOUT_MS = 10_000;
/** The longest wait that an endpoint may ask for, in milliseconds. */
const RETRY_AFTER_MS_MAX = 3_600_000;
/**
 * The statuses for which a retry is useless: gone, body too long, wrong type, or not understood.
 */
const WANTS_NO_SUCH: ReadonlySet<number> = new Set([400, 410, 413, 415, 422]);

/**
 * Posts a body. Never throws and never follows a redirect: a notification goes only to the URL that the
 * operator named.
 */
export async function sendWebhook(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<WebhookOutcome> {
  using patience = new Patience(WEBHOOK_TIMEOUT_MS, signal);
  try {
    // A kept connection would lead to the address that the name had before.
    using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    const response = await fetch(url, {
      client,
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal: patience.signal,
    });
    // Ignore the body of the answer, however long it is.
    await response.body?.cancel();
    const { ok, status } = response;
    if (ok) return { result: "delivered", status };
    const reason = `status ${status}`;
    if (WANTS_NO_SUCH.has(status)) return { result: "gone", reason };
    const retryAfterMs = retryAfterOf(response.headers);
    return {
      result: "failed",
      reason,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    return { result: "failed", reason: withoutUrl(reasonOf(error), url) };
  }
}

function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  const ms = text === null ? undefined : parseRetryAfter(text, headers.get("date"), Date.now());
  return ms === undefined ? undefined : Math.min(ms, RETRY_AFTER_MS_MAX);
}

/** The message of an error without the URL in it, which may hold a secret. */
function withoutUrl(reason: string, url: string): string {
  const written = URL.parse(url)?.href ?? url;
  return reason.replaceAll(written, "…").replaceAll(url, "…").replace(/https?:\/\/[^\s)]+/g, "…");
}

/** The innermost reason. */
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `no answer within ${WEBHOOK_TIMEOUT_MS / 1_000} s`;
  }
  let inner = error;
  for (
    let depth = 0;
    depth < 5 && inner instanceof Error && inner.cause instanceof Error;
    depth++
  ) {
    inner = inner.cause;
  }
  return inner instanceof Error ? plainly(inner.message.split("\n", 1)[0] ?? "") : String(inner);
}

/** Use the innermost cause: the layers above it mean nothing to an operator. */
function plainly(message: string): string {
  if (message.includes("Connection refused")) return "nothing listens there";
  if (message.includes("failed to lookup address")) return "its host name cannot be found";
  return message.replace(
    /^error sending request for url \(.*?\): (?:client error \(\w+\): )?(?:tcp connect error: )?/,
    "",
  );
}
