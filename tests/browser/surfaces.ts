/**
 * Everything that says how a host is, and how to read it.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { Page } from "../packages/playwright.ts";
import type { Saying } from "../../src/core/phrase.ts";
import type { VerdictWord } from "../../src/core/verdict.ts";
import { speechOf } from "../../src/console/language.ts";
import { tabIcon, tabTitle, verdictLine } from "../../src/console/page/words.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { TerminalProcess } from "../cli/terminal_process.ts";

/** What a surface is read from. */
export interface Place {
  readonly consoleUrl: string;
  readonly heartbeatPort: string;
  /** Shows the host since it was started. */
  readonly page: Page;
  /** What is to be expected: how long to wait for it is all that may follow from it. */
  readonly verdict: VerdictWord;
  readonly headline: string;
}

/** What a surface says of a host, under the name of each of its parts. */
export type Said = Readonly<Record<string, unknown>>;

/** Something that says how a host is. */
export interface Surface {
  /** The files of `src/` that make it. */
  readonly files: readonly string[];
  /** What it says now. */
  read(place: Place): Promise<Said>;
  /** What it has to say. */
  expect(verdict: VerdictWord, headline: string, saying: Saying): Said;
}

/** Files that hand the verdict on, and say it to nobody. */
export const PLUMBING: readonly string[] = [
  "core/verdict.ts",
  "console/api/saying_schema.ts",
  "console/verdict.ts",
  "console/console.ts",
  "console/api/schemas.ts",
  "clients/console_answers.ts",
];

/** The test that compares what other hosts tell of a host, and the files of `src/` that do so. */
export const ELSEWHERE: readonly [test: string, files: readonly string[]] = [
  "tests/interop/fleet_child.ts",
  [
    "appliance/fleet.ts",
    "appliance/fleet_panel.ts",
    "cli/commands/check/fleet.ts",
    "cli/commands/fleet/hosts.ts",
    "clients/console_fleet.ts",
    "console/api/fleet_schemas.ts",
    // Their words are looked at in tests/browser/fleet_test.ts.
    "console/fleet_page.ts",
    "console/page/fleet.ts",
    "console/page/fleet_words.ts",
    "console/panels.ts",
    "core/fleet_picture.ts",
    "core/fleet_verdict.ts",
    "roles/fleet/teller.ts",
    "wire/fleet/beat.ts",
    "wire/fleet/host_document.ts",
  ],
];

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function plain(markup: string | undefined): string {
  return (markup ?? "").replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? "");
}

async function text({ consoleUrl }: Place, path: string): Promise<string> {
  const reply = await fetch(consoleUrl + path);
  assert.equal(reply.status, 200, path);
  return await reply.text();
}

/** The first line of a picture on a terminal, maybe bold. */
// deno-lint-ignore no-control-regex -- what a terminal is told
const FIRST_LINE = /\x1b\[H(?:\x1b\[1m)?([^\x1b\r]*)(?:\x1b\[0m)?\x1b\[K\r/;

/** All surfaces. */
export const SURFACES: Readonly<Record<string, Surface>> = {
  "the page of the server": {
    files: ["console/page.ts", "console/page/words.ts", "console/page/texts_en.ts"],
    async read(place) {
      const html = await text(place, "/");
      const part = (pattern: RegExp) => plain(pattern.exec(html)?.[1]);
      return {
        headline: part(/id="status">([^<]*)</),
        // It is old as soon as it is read; so it has its time.
        title: part(/<title>([^<]*)</).replace(/ at \d\d:\d\d:\d\d /, " "),
        look: part(/id="verdict" class="([^"]*)"/),
        icon: part(/id="icon" href="([^"]*)"/),
      };
    },
    expect: (verdict, headline) => ({
      headline: verdictLine(verdict, headline),
      title: tabTitle(verdict, headline),
      look: verdict,
      icon: tabIcon(verdict === "well" ? "silent" : verdict),
    }),
  },
  "the page of the server in German": {
    files: ["console/page/texts_de.ts"],
    async read(place) {
      const html = await text(place, "/?lang=de");
      return {
        headline: plain(/id="status">([^<]*)</.exec(html)?.[1]),
        language: /<html lang="(\w+)"/.exec(html)?.[1],
      };
    },
    expect: (verdict, _headline, saying) => ({
      headline: verdictLine(verdict, speechOf("de").say(saying, "not in the table")),
      language: "de",
    }),
  },
  "the living page": {
    files: [
      "console/page/verdict_band.ts",
      "console/page/silence.ts",
      "console/page/main.ts",
      // Looked at in tests/browser/alerts_test.ts.
      "console/page/page_alerts.ts",
    ],
    async read({ page, verdict, headline }) {
      await page.locator(`#verdict.${verdict}[data-news]`).getByText(headline).waitFor();
      return {
        headline: await page.locator("#status").innerText(),
        title: await page.title(),
        look: await page.locator("#verdict").getAttribute("class"),
        icon: await page.locator("#icon").getAttribute("href"),
      };
    },
    expect: (verdict, headline) => ({
      headline: verdictLine(verdict, headline),
      title: tabTitle(verdict, headline),
      look: verdict,
      icon: tabIcon(verdict),
    }),
  },
  "the wall of the server": {
    files: ["console/wall_page.ts"],
    async read(place) {
      const html = await text(place, "/?view=wall");
      return {
        headline: plain(/id="status">([^<]*)</.exec(html)?.[1]),
        look: /id="verdict" class="([^"]*)"/.exec(html)?.[1],
      };
    },
    expect: (verdict, headline) => ({ headline: verdictLine(verdict, headline), look: verdict }),
  },
  "the living wall, in German": {
    files: [],
    async read({ page, consoleUrl, verdict }) {
      const wall = await (page.context().browser() ?? assert.fail()).newPage();
      await wall.goto(`${consoleUrl}/?view=wall&lang=de`);
      await wall.locator(`#verdict.${verdict}[data-news]`).waitFor();
      const headline = await wall.locator("#status").textContent();
      await wall.close();
      return { headline };
    },
    expect: (verdict, _headline, saying) => ({
      headline: verdictLine(verdict, speechOf("de").say(saying, "not in the table")),
    }),
  },
  "/api/v1/verdict": {
    files: ["console/api/handlers.ts"],
    async read(place) {
      const { verdict, headline } = JSON.parse(await text(place, "/api/v1/verdict"));
      return { verdict, headline };
    },
    expect: (verdict, headline) => ({ verdict, headline }),
  },
  "/api/v1/members": {
    files: ["console/api/handlers.ts"],
    async read(place) {
      const { verdict, headline } = JSON.parse(await text(place, "/api/v1/members"));
      return { verdict, headline };
    },
    expect: (verdict, headline) => ({ verdict, headline }),
  },
  "/api/v1/events": {
    files: ["console/live/snapshot.ts"],
    async read({ consoleUrl }) {
      const { body } = await fetch(`${consoleUrl}/api/v1/events`);
      let events = "";
      for await (const piece of (body ?? assert.fail()).pipeThrough(new TextDecoderStream())) {
        events += piece;
        const [, data] = /^event: snapshot\ndata: (.*)\n/m.exec(events) ?? [];
        if (data === undefined) continue;
        const { verdict, headline } = JSON.parse(data).host;
        return { verdict, headline };
      }
      assert.fail("the events have ended");
    },
    expect: (verdict, headline) => ({ verdict, headline }),
  },
  "the badge": {
    files: ["console/badge.ts", "console/api/badge_handlers.ts"],
    async read(place) {
      const { message, color } = JSON.parse(await text(place, "/api/v1/badge.json"));
      const svg = await text(place, "/api/v1/badge.svg");
      return {
        headline: message,
        isGreen: color === "#1a7f37",
        // The picture holds the beginning of a sentence.
        drawn: plain(/aria-label="Pulsebox: ([^"]*)"/.exec(svg)?.[1]).replace(/…$/, ""),
      };
    },
    expect: (verdict, headline) => ({
      headline,
      isGreen: verdict === "well",
      drawn: headline.length > 60 ? headline.slice(0, 59) : headline,
    }),
  },
  "/metrics": {
    files: ["console/metrics.ts"],
    async read(place) {
      const metrics = await text(place, "/metrics");
      const found = metrics.matchAll(/^pulsebox_verdict\{verdict="(\w+)"\} 1$/gm);
      return { verdict: [...found].map(([, word]) => word).join() };
    },
    expect: (verdict) => ({ verdict }),
  },
  "pulsebox members": {
    files: ["cli/commands/members.ts"],
    async read({ consoleUrl }) {
      const at = ["members", "--console-url", consoleUrl];
      const [shown, json] = await Promise.all([runProcess(at), runProcess([...at, "--json"])]);
      const { verdict, headline } = JSON.parse(json.stdout);
      return { shown: shown.stderr.split("\n")[0], verdict, headline };
    },
    expect: (verdict, headline) => ({ shown: headline, verdict, headline }),
  },
  "pulsebox watch": {
    files: ["cli/commands/watch.ts", "cli/live_members.ts"],
    async read({ consoleUrl }) {
      const at = ["watch", "--console-url", consoleUrl];
      await using watch = new TerminalProcess(at, "cols 400 rows 20");
      const [, headline] = await watch.has(FIRST_LINE);
      return { headline };
    },
    expect: (_verdict, headline) => ({ headline }),
  },
  "pulsebox check": {
    files: ["cli/commands/check/host.ts"],
    async read({ consoleUrl, heartbeatPort, headline }) {
      const at = ["check", "-p", heartbeatPort, "--console-url", consoleUrl];
      const { stdout } = await runProcess(at);
      const [, word, line] = /^([A-Z]+) - (.*) \| members=/.exec(stdout) ?? [];
      // Behind the headline it names those in trouble.
      const isSaid = line?.startsWith(headline) &&
        /^(?:: .*\))?$/.test(line.slice(headline.length));
      const isTrouble = word === "CRITICAL" || word === "WARNING";
      return { headline: isSaid ? headline : line, isTrouble };
    },
    expect: (verdict, headline) => ({ headline, isTrouble: IS_TROUBLE[verdict] }),
  },
};

/** Whether a monitor calls somebody. */
const IS_TROUBLE: Readonly<Record<VerdictWord, boolean>> = {
  problem: true,
  alarm: true,
  lost: true,
  late: true,
  starting: false,
  maintenance: false,
  well: false,
};
