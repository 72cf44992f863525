/**
 * Chooses the language in which a page is sent.
 *
 * @module
 */

import { Speech } from "./page/speech.ts";
import { TEXTS as GERMAN } from "./page/texts_de.ts";
import { type Language, LANGUAGES, TEXTS as ENGLISH, type Translations } from "./page/texts_en.ts";

/** The tables by language. */
export const TABLES: Readonly<Record<Language, Translations>> = { en: ENGLISH, de: GERMAN };

/** The language for clients that accept none of ours. */
const FALLBACK: Language = "en";
/** The most languages of a request that are considered. */
const WISHES_MAX = 20;

const speeches = new Map<string, Speech>();

/** The speech of a language, in the host's time zone. */
export function speechOf(language: Language): Speech {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const key = `${language} ${timeZone}`;
  let speech = speeches.get(key);
  if (speech === undefined) {
    // A machine has one time zone, so there is no need to cache earlier ones.
    speeches.clear();
    for (const each of LANGUAGES) {
      speeches.set(`${each} ${timeZone}`, new Speech(each, TABLES[each], timeZone));
    }
    speech = speeches.get(key) ?? new Speech(language, TABLES[language], timeZone);
  }
  return speech;
}

/**
 * The language of a request: `?lang=` decides, then the browser's preferences.
 *
 * @param acceptLanguage In the form of RFC 9110 §12.5.4.
 */
export function languageOf(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): Language {
  if (isLanguage(asked)) return asked;
  let best: Language = FALLBACK;
  let bestWeight = 0;
  for (const wish of (acceptLanguage ?? "").split(",").slice(0, WISHES_MAX)) {
    const [range = "", ...parameters] = wish.trim().toLowerCase().split(/\s*;\s*/);
    const [language] = range.split("-");
    const weight = Number(/^q=([01](?:\.\d{0,3})?)$/.exec(parameters.join(";"))?.[1] ?? 1);
    // Of equally preferred languages, the first counts.
    if (isLanguage(language) && weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}

/** The query with which a link keeps this page's language and view. */
export function keptQuery(language: string | undefined, view: string | undefined): string {
  const kept = new URLSearchParams();
  if (isLanguage(language)) kept.set("lang", language);
  if (view === "wall") kept.set("view", view);
  return kept.size === 0 ? "" : `?${kept}`;
}

function isLanguage(text: string | undefined): text is Language {
  return (LANGUAGES as readonly (string | undefined)[]).includes(text);
}
