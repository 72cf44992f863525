/**
 * URLs that notifications are sent to.
 *
 * @module
 */

/** Webhooks of a list or file. */
export const WEBHOOKS_MAX = 10;
/** Longest URL, in UTF-16 code units. */
export const WEBHOOK_LENGTH_MAX = 2_048;

/** What is wrong with a webhook's URL, as the end of a sentence; the URL is not in it. */
export function problemOfWebhook(text: string): string | undefined {
  if (text.length > WEBHOOK_LENGTH_MAX) {
    return `must be a URL of at most ${WEBHOOK_LENGTH_MAX} characters`;
  }
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "")
    ? undefined
    : "must be a URL such as https://example.org/hook";
}
