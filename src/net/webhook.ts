/**
 * Sending a notification to somebody's URL.
 *
 * @module
 */

/** What came of an attempt. */
export type WebhookOutcome =
  | { readonly result: "delivered" }
  /** The endpoint wants no more of this. */
  | { readonly result: "gone" }
  | { readonly result: "failed"; readonly reason: string; readonly retryAfterMs?: number };

/** How long an endpoint may take to answer, in milliseconds. */
export const WEBHOOK_TIMEOUT_MS = 10_000;
/** The longest wait that an endpoint may ask for, in milliseconds. */
const RETRY_AFTER_MS_MAX = 3_600_000;
const HTTP_GONE = 410;

/**
 * Posts a body. Never throws and never follows a redirect: a notification goes to whom the operator
 * named and to nobody else.
 */
export async function sendWebhook(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<WebhookOutcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
    });
    // What it answers is of no interest, however long it is.
    await response.body?.cancel();
    if (response.ok) return { result: "delivered" };
    if (response.status === HTTP_GONE) return { result: "gone" };
    const retryAfterMs = retryAfterOf(response.headers.get("retry-after"));
    return {
      result: "failed",
      reason: `status ${response.status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    return { result: "failed", reason: reasonOf(error) };
  }
}

function retryAfterOf(text: string | null): number | undefined {
  if (text === null || !/^\d{1,9}$/.test(text)) return undefined;
  return Math.min(Number(text) * 1_000, RETRY_AFTER_MS_MAX);
}

/** The innermost reason: the outer ones repeat the URL, which may hold a secret. */
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
  return inner instanceof Error ? (inner.message.split("\n", 1)[0] ?? "") : String(inner);
}
