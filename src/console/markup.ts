/**
 * Escapes foreign text for HTML, SVG and XML.
 *
 * @module
 */

import { visibleLines } from "../core/visible.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text for use between tags and in quoted attributes, and makes invisible characters
 * visible; characters that XML forbids become U+FFFD.
 */
export function escapeMarkup(text: string): string {
  return visibleLines(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
