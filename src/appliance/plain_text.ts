/**
 * Names inside a sentence for people that any messenger may show.
 *
 * @module
 */

import { visible } from "../core/visible.ts";

/**
 * What begins a mention, a link or markup somewhere: HTML and Slack (`<!channel>`, `&lt;`), Discord and
 * Teams (`@everyone`, `[text](url)`), Markdown (`![image]`, code), Go's templates in ntfy.
 */
const MARKUP = /[&<>@[\](){}`*|]/g;
/** What messengers make a link of on their own. */
const LINK = /:(?=\/\/)/g;
/** From a character of ASCII to its full-width form. */
const FULL_WIDTH = 0xfee0;

/**
 * A name as nothing but text. What a messenger might interpret becomes its full-width look-alike, for
 * each has its own way to escape and shows the others' escapes as they are.
 */
export function plainText(name: string): string {
  const widen = (found: string) => String.fromCharCode(found.charCodeAt(0) + FULL_WIDTH);
  return visible(name).replace(MARKUP, widen).replace(LINK, widen);
}
