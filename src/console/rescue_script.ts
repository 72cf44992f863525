/**
 * What brings back a page whose script never starts to run. The timer of `<meta http-equiv="refresh">`
 * would not do: it only begins when the page has loaded, which a file that never arrives prevents.
 *
 * @module
 */

import { html, raw } from "hono/html";

/** A page without scripts reloads itself after this many seconds. */
const PAGE_REFRESH_SECONDS = 2;
/**
 * A page whose script did not start, because it is blocked, too new for the browser, or broken, reloads
 * itself after this many seconds.
 */
const PAGE_RESCUE_SECONDS = 10;
/** How long the host may take to answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;

/**
 * The page's script removes `#rescue` when it takes over. A host that does not answer is asked again:
 * reloading would leave the browser's own page, which never comes back. In words that an old browser
 * knows, too; it reloads without asking.
 */
const SCRIPT = `var rescue = setInterval(function () {
  if (document.getElementById("rescue") === null) return clearInterval(rescue);
  stop();
  if (!window.AbortSignal || !AbortSignal.timeout) return location.reload();
  fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(${ANSWER_MS_MAX}) })
    .then(function (reply) { if (reply.ok) location.reload(); }, function () {});
}, ${PAGE_RESCUE_SECONDS * 1_000});`;

/** What stands in the head of each page, before all that is loaded. */
export const COMES_ANEW: ReturnType<typeof html> = html`
  <noscript>
    <meta http-equiv="refresh" content="${PAGE_REFRESH_SECONDS}">
  </noscript>
  <meta name="rescue" content="${PAGE_RESCUE_SECONDS}" id="rescue">
  <script>${raw(SCRIPT)}</script>
`;

let source: Promise<string> | undefined;

/** By what the content security policy allows it. */
export function rescueScriptSource(): Promise<string> {
  return source ??= sourceOf(SCRIPT);
}

async function sourceOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}
