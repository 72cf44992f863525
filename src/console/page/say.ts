/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The texts of this page, in the language in which the host sent it.
 *
 * @module
 */

import { element } from "./dom.ts";
import { Speech, type Text } from "./speech.ts";
import type { Language, Translations } from "./texts_en.ts";

const { lang, dataset } = document.documentElement;
const language = lang as Language;
// Only this language's table is loaded.
const { TEXTS }: { TEXTS: Translations } = await import(`./texts_${language}.js`);

/** The language and the time zone of this page. */
export const speech = new Speech(language, TEXTS, dataset["zone"] ?? "UTC");

/** Makes a sentence from the page's table. */
export const text: Text = speech.text;

/** What the host says in English whatever the page's language is, so that it is read as that. */
export function english(words: string): HTMLElement {
  return element("span", { lang: "en" }, words);
}
