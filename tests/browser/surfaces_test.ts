/**
 * All that says how a host is says the same, in every kind of situation.
 */

import { strict as assert } from "node:assert";
import { VERDICT_WORDS } from "../../src/core/verdict.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { sourcesBelow } from "../support/files_below.ts";
import { SITUATIONS, SufferingHost } from "./situations.ts";
import { ELSEWHERE, PLUMBING, SURFACES } from "./surfaces.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const SOURCES = new URL("../../src/", import.meta.url);
/** What only a file has that tells of a verdict or hands one on. */
const TELLS = /\bheadline\b|\bverdictOf\b|\bjudgeHost\b|\bVERDICT_WORDS\b|\bVerdictWord\b/;

Deno.test("surfaces: every file that tells a verdict belongs to a surface that is compared", () => {
  const telling = sourcesBelow(SOURCES).filter((file) =>
    TELLS.test(Deno.readTextFileSync(new URL(file, SOURCES)))
  );
  const [fleetTest, fleetFiles] = ELSEWHERE;
  assert.match(Deno.readTextFileSync(new URL(`../../${fleetTest}`, import.meta.url)), /headline/);
  const known = new Set([
    ...PLUMBING,
    ...fleetFiles,
    ...Object.values(SURFACES).flatMap(({ files }) => files),
  ]);
  assert.deepEqual(telling.filter((file) => !known.has(file)), []);
  assert.deepEqual([...known].filter((file) => !telling.includes(file)), []);
});

Deno.test("surfaces: every verdict has its situations", () => {
  assert.deepEqual(Object.keys(SITUATIONS), [...VERDICT_WORDS]);
  for (const word of VERDICT_WORDS) assert.ok(SITUATIONS[word].length > 0, word);
});

if (hasChromium("everything that says how a host is")) {
  for (const word of VERDICT_WORDS) {
    for (const situation of SITUATIONS[word]) {
      Deno.test({
        name: `surfaces: ${word}, because of ${situation.name}`,
        ...OPTIONS,
        async fn() {
          await using browser = await TestBrowser.open();
          const page = await browser.newPage();
          await using host = await SufferingHost.start(word, situation, (url) => page.goto(url));
          const { consoleUrl, headline, saying } = host;
          const heartbeatPort = await host.heartbeatPort();
          const place = { consoleUrl, heartbeatPort, page, verdict: word, headline };
          const said = await Promise.all(
            Object.entries(SURFACES).map(async ([name, surface]) => [
              name,
              await surface.read(place),
            ]),
          );
          const expected = Object.entries(SURFACES).map(([name, surface]) => [
            name,
            surface.expect(word, headline, saying),
          ]);
          assert.deepEqual(Object.fromEntries(said), Object.fromEntries(expected));
        },
      });
    }
  }
}
