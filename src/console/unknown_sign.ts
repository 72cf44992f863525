/**
 * The sign of a page that knows nothing of the host, for pages without a script.
 *
 * @module
 */

import { html } from "hono/html";

/** A question mark in a square on its corner. */
export const UNKNOWN_SIGN: ReturnType<typeof html> = html`
  <svg width="40" height="40" viewBox="0 0 32 32" fill="#fff" aria-hidden="true">
    <path d="m16 1 15 15-15 15L1 16Z" />
    <path
      d="M13 12a3 3 0 1 1 4 3.500q-1 .5-1 2.500m0 3v2"
      fill="none" stroke="#424a53" stroke-width="3" />
  </svg>
`;
