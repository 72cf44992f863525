/**
 * Makes names safe inside sentences that any messenger may show.
 *
 * @module
 */

import { visible } from "../core/visible.ts";

/**
 * Characters that begin a mention, a link or markup somewhere: HTML and Slack (`<!channel>`,
 * `&lt;`), Discord and Teams (`@everyone`, `[text](url)`), Markdown (`![image]`, code), Go's
 * templates in ntfy.
 */
const MARKUP = /[&<>@[\](){}`*|]/g;
/** Texts that messengers turn into links on their own. */
const LINK = /:(?=\/\/)/g;
/** Distance from an ASCII character to its full-width form. */
const FULL_WIDTH = 0xfee0;

/**
 * A name as nothing but text. Characters that a messenger might interpret become their full-width
 * look-alikes, because each messenger has its own escapes and shows those of others literally.
 */
export function plainText(name: string): string {
  const widen = (found: string) => String.fromCharCode(found.charCodeAt(0) + FULL_WIDTH);
  return visible(name).replace(MARKUP, widen).replace(LINK, widen);
}
