/**
 * What a page may load, by the header field of its content security policy.
 *
 * @module
 */

import { rescueScriptSource } from "./rescue_script.ts";

/** Of a page: nothing is loaded from, sent to or framed by another site. */
export async function pagePolicy(): Promise<string> {
  return `default-src 'none'; script-src 'self' ${await rescueScriptSource()}; style-src 'self'; ` +
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'";
}

/** Of a page that carries its style along: nothing is loaded at all. */
export async function lonePolicy(style: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const hash = new Uint8Array(digest).toBase64();
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; ` +
    "form-action 'none'; frame-ancestors 'none'";
}
