/**
 * The pages' texts in one language: sentences, times and numbers, with and without JavaScript.
 *
 * @module
 */

import { type Holes, Phrasebook, type Saying } from "../../core/phrase.ts";
import type { Language, TextKey, TEXTS, Translations } from "./texts_en.ts";

/** The values that a sentence's placeholders need; nothing if it has none. */
export type HoleValues<K extends TextKey> = [Holes<typeof TEXTS[K]>] extends [never] ? []
  : [values: Readonly<Record<Holes<typeof TEXTS[K]>, string | number>>];

/** Makes a sentence from the table. */
export type Text = <K extends TextKey>(key: K, ...values: HoleValues<K>) => string;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One language, in one time zone. */
export class Speech {
  readonly language: Language;
  readonly timeZone: string;
  readonly #book: Phrasebook;
  readonly #numbers = new Map<number, Intl.NumberFormat>();
  readonly #list: Intl.ListFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #dateTime: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #longDay: Intl.DateTimeFormat;

  /** @param timeZone The host's time zone, by its IANA name. */
  constructor(language: Language, table: Translations, timeZone: string) {
    this.language = language;
    this.timeZone = timeZone;
    this.#book = new Phrasebook(language, table);
    this.#list = new Intl.ListFormat(localeOf(language));
    const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
    const common = { timeZone, hourCycle: "h23" } as const;
    this.#time = new Intl.DateTimeFormat(localeOf(language), { ...clock, ...common });
    this.#day = new Intl.DateTimeFormat(localeOf(language), {
      day: "numeric",
      month: "short",
      timeZone,
    });
    // A day of a calendar, which has no time zone.
    this.#longDay = new Intl.DateTimeFormat(localeOf(language), {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });
    this.#dateTime = new Intl.DateTimeFormat(localeOf(language), {
      day: "2-digit",
      month: "short",
      year: "numeric",
      ...clock,
      ...common,
    });
  }

  /** Makes a sentence. */
  readonly text: Text = (key, ...[values]) => this.#book.phrase(key, values) ?? key;

  /**
   * Makes the sentence of a verdict.
   *
   * @param fallback The sentence if a newer host sends a key that this table does not know.
   */
  readonly say = (saying: Saying, fallback: string): string => this.#book.say(saying) ?? fallback;

  /** A number with this many digits after the decimal point. */
  number(value: number, digits = 0): string {
    let format = this.#numbers.get(digits);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      this.#numbers.set(digits, format);
    }
    return format.format(value);
  }

  /** A duration as a person would say it. */
  readonly duration = (ms: number): string => {
    const { text } = this;
    if (ms < 10_000) return text("time.seconds", { n: this.number(ms / 1000, 1) });
    if (ms < 2 * MINUTE_MS) return text("time.seconds", { n: this.number(ms / 1000) });
    if (ms < 2 * HOUR_MS) return text("time.minutes", { n: this.number(ms / MINUTE_MS) });
    if (ms < 2 * DAY_MS) return text("time.hours", { n: this.number(ms / HOUR_MS) });
    return text("time.days", { n: this.number(ms / DAY_MS) });
  };

  /** The time of day on the host, `HH:MM:SS`; empty for no date. */
  timeOfDay(wallMs: number): string {
    return Number.isNaN(wallMs) ? "" : this.#time.format(wallMs);
  }

  /** Lists names as a person would; names above the limit are only counted. */
  list(names: readonly string[], most: number): string {
    const more = names.length - most;
    const listed = more > 0
      ? [...names.slice(0, most), this.text("list.more", { count: more })]
      : names;
    return this.#list.format(listed);
  }

  /** The day on the host, without its year; empty for no date. */
  day(wallMs: number): string {
    return Number.isNaN(wallMs) ? "" : this.#day.format(wallMs);
  }

  /** A day of the calendar, `2026-11-29`, with the name of its month. */
  longDay(name: string): string {
    return this.#longDay.format(Date.parse(name));
  }

  /** The day and the time of day on the host; empty for no date. */
  dateTime(wallMs: number): string {
    return Number.isNaN(wallMs) ? "" : this.#dateTime.format(wallMs);
  }
}

/** English as in Europe: the day before the month, 24 hours. */
function localeOf(language: Language): string {
  return language === "en" ? "en-GB" : language;
}
