/**
 * Rescues a page whose script never starts to run. The timer of `<meta http-equiv="refresh">` would
 * not do: it starts only when the page has loaded, and a file that never arrives prevents that.
 *
 * @module
 */

import { html, raw } from "hono/html";

/** A page without scripts reloads itself after this many seconds. */
const PAGE_REFRESH_SECONDS = 2;
/**
 * A page whose script did not start, because it is blocked, too new for the browser, or broken,
 * reloads itself after this many seconds.
 */
const PAGE_RESCUE_SECONDS = 10;
/** Timeout of the host's answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;

/**
 * The page's script removes `#rescue` when it takes over. If the host does not answer, ask again:
 * reloading would leave the browser's own error page, which never comes back. The code also runs in
 * old browsers, which reload without asking.
 */
const SCRIPT = `var rescue = setInterval(function () {
  if (document.getElementById("rescue") === null) return clearInterval(rescue);
  stop();
  if (!window.AbortSignal || !AbortSignal.timeout) return location.reload();
  fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(${ANSWER_MS_MAX}) })
    .then(function (reply) { if (reply.ok) location.reload(); }, function () {});
}, ${PAGE_RESCUE_SECONDS * 1_000});`;

/** The beginning of each page's head, before anything is loaded. */
export const COMES_ANEW: ReturnType<typeof html> = html`
  <noscript>
    <meta http-equiv="refresh" content="${PAGE_REFRESH_SECONDS}">
  </noscript>
  <meta name="rescue" content="${PAGE_RESCUE_SECONDS}" id="rescue">
  <script>${raw(SCRIPT)}</script>
`;

let source: Promise<string> | undefined;

/** The source with which the content security policy allows this script. */
export function rescueScriptSource(): Promise<string> {
  return source ??= sourceOf(SCRIPT);
}

async function sourceOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}
