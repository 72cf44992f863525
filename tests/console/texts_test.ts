/**
 * The tables of texts, and that nothing on the pages stands outside of them.
 */

import { strict as assert } from "node:assert";
import { languageOf, speechOf, TABLES } from "../../src/console/language.ts";
import { LANGUAGES, TEXTS } from "../../src/console/page/texts_en.ts";
import { readSource } from "../support/source_text.ts";

const CONSOLE = new URL("../../src/console/", import.meta.url);

function holesOf(phrase: unknown): string[] {
  return [...JSON.stringify(phrase).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

Deno.test("texts: every table has the keys of the English one, with its holes and plurals", () => {
  for (const [language, table] of Object.entries(TABLES)) {
    assert.deepEqual(Object.keys(table).sort(), Object.keys(TEXTS).sort(), language);
    for (const [key, english] of Object.entries(TEXTS)) {
      const phrase = table[key as keyof typeof TEXTS];
      assert.equal(typeof phrase, typeof english, `${language} ${key}`);
      const forms = typeof phrase === "string" ? [phrase] : [phrase.one, phrase.other];
      const own = typeof english === "string" ? [english] : [english.one, english.other];
      forms.forEach((form, index) => {
        assert.notEqual(form.trim(), "", `${language} ${key}`);
        assert.deepEqual(holesOf(form), holesOf(own[index]), `${language} ${key}`);
      });
    }
  }
});

Deno.test("texts: what a button says to screen readers has what it shows", () => {
  for (const [language, table] of Object.entries(TABLES)) {
    for (const [key, phrase] of Object.entries(table)) {
      if (!key.endsWith("-one")) continue;
      const shown = table[key.replace(/-one$/, "") as keyof typeof table];
      const word = String(shown).replace("…", "").toLowerCase();
      assert.ok(String(phrase).toLowerCase().includes(word), `${language} ${key}: ${phrase}`);
    }
  }
});

Deno.test("texts: every key is used", () => {
  const used = new Set<string>();
  const begun: string[] = [];
  for (const { path, text } of sources()) {
    if (/texts_\w+\.ts$/.test(path)) continue;
    for (const [, key = ""] of text.matchAll(/["`]([a-z-]+\.[a-z.$-]*)/g)) {
      if (key.includes("$") || key.endsWith(".")) begun.push(key.replace("$", ""));
      else used.add(key);
    }
  }
  const idle = Object.keys(TEXTS).filter((key) =>
    !used.has(key) && !begun.some((start) => key.startsWith(start))
  );
  // The verdict's own sentences are begun in the core.
  assert.deepEqual(idle.filter((key) => !/^(verdict|fleet)\./.test(key)), []);
});

Deno.test("texts: plurals, numbers, times and durations follow the language", () => {
  const [en, de] = [speechOf("en"), speechOf("de")];
  assert.equal(en.text("members.count", { count: 1 }), "1 member");
  assert.equal(de.text("pause.hours", { count: 2 }), "2 Stunden");
  assert.equal(de.text("pause.hours", { count: 1 }), "1 Stunde");
  assert.deepEqual([en.duration(2_400), de.duration(2_400)], ["2.4 s", "2,4 s"]);
  assert.deepEqual([en.number(9_581), de.number(9_581)], ["9,581", "9.581"]);
  assert.match(de.dateTime(0), /^\d\d\. (Jan|Dez)\. 19(70|69), \d\d:\d\d:\d\d$/);
  const unknown = { key: "verdict.of-a-newer-host", values: {} };
  assert.equal(de.say(unknown, "In English"), "In English");
});

Deno.test("texts: ?lang= decides, then Accept-Language, then English", () => {
  for (
    const [asked, wishes, language] of [
      ["de", "en", "de"],
      ["en", "de", "en"],
      ["xx", "de", "de"],
      ["", undefined, "en"],
      [undefined, "de-AT,de;q=0.9,en;q=0.8", "de"],
      [undefined, "fr, en;q=0.5, de;q=0.7", "de"],
      [undefined, "de;q=0, en;q=0.1", "en"],
      [undefined, "fr", "en"],
      [undefined, "*", "en"],
      [undefined, ";;;q=,de;q=2", "de"],
    ] as const
  ) assert.equal(languageOf(asked, wishes), language, `${asked} ${wishes}`);
  assert.deepEqual([...LANGUAGES].sort(), Object.keys(TABLES).sort());
});

/** Modules that make something that people read on a page. */
function* sources(): Generator<{ path: string; text: string }> {
  const folders = ["", "page/"];
  for (const folder of folders) {
    for (const { name } of Deno.readDirSync(new URL(folder, CONSOLE))) {
      if (!name.endsWith(".ts")) continue;
      const path = folder + name;
      yield { path, text: Deno.readTextFileSync(new URL(path, CONSOLE)) };
    }
  }
}

/** Modules of the console whose sentences go to programs, which are told in English. */
const FOR_PROGRAMS: Readonly<Record<string, string>> = {
  "access.ts": "problem documents",
  "badge.ts": "badges of other pages",
  "console.ts": "problem documents",
  "content_policy.ts": "header fields",
  "forwarded.ts": "header fields",
  "health.ts": "monitors",
  "login_limit.ts": "problem documents",
  "metric_table.ts": "metrics",
  "metrics.ts": "metrics",
  "problem.ts": "problem documents",
  "rescue_script.ts": "a script as text",
  "session_cookie.ts": "header fields",
  "tokens.ts": "the token file",
};

/** Literals that look like words and are none. */
const NO_TEXTS: readonly RegExp[] = [
  /^(Enter|Escape|Arrow\w+|Home|End|Tab|(· )?Pulsebox|UTC)$/,
  // A command to copy.
  /^sudo cat /,
  // For programmers.
  /^HostProblem$/,
  /^(The page has no element "|Cannot load assets)/,
  // Names on the wire, states of the protocol, and header fields.
  /^[A-Z_]+$/,
  // Classes of the style sheets.
  /^(?:(?:bare|button|close|days-shown|lost|main|number|ok|order|part|phones|since|small|soft|swatch|swatch-|tile|today) ?)+$/,
  // Pictures, selectors and media queries.
  /^(data:|[MmLl\d].*\d|.*[<>=]|\(prefers-|@|[.#:[])/s,
];

/** Two words, or one with a capital letter. */
const WORDS = /\p{L}{2,}[,.:;…]? \p{L}|(?:^|[\s>✖●⚠])\p{Lu}\p{Ll}{2,}/u;

/** What a person would read in a template: no tags, no values. */
function readable(literal: string): string[] {
  return literal.replace(/<[^>]*>?|^[^<]*?"\s*>/g, "\n").split("\n").map((line) => line.trim());
}

Deno.test("texts: no module of the pages has texts of its own", () => {
  const offenders: string[] = [];
  for (const { path, text } of sources()) {
    if (/texts_\w+\.ts$/.test(path) || path in FOR_PROGRAMS) continue;
    for (const literal of readSource(text).strings) {
      for (const line of readable(literal)) {
        if (!WORDS.test(line) || NO_TEXTS.some((pattern) => pattern.test(line))) continue;
        offenders.push(`${path}: ${line}`);
      }
    }
  }
  assert.deepEqual(offenders, []);
});
