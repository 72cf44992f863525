/**
 * Names that would turn the text around them, or hide in it: nowhere on the page do they get that far.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { Operator } from "./operator.ts";
import { ALL_TEXTS, UNSEEN } from "./texts_on_page.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
/** Overrides, isolates, marks, a zero width, a tag; the wire refuses controls in names. */
const HOSTILE = "\u202e\u2066\u200f\u200b\u{e0041}";
async function ask(url: string, body?: object): Promise<string> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const reply = await fetch(url, init);
  const text = await reply.text();
  assert.equal(reply.status, 200, text);
  return text;
}

if (hasChromium("hostile names on the page")) {
  Deno.test({
    name: "hostile names: no text of the page holds a character that nobody sees",
    ...OPTIONS,
    async fn() {
      const failing = `printf 'why${HOSTILE}' >&2; exit 1`;
      await using host = new WholeHost([`--on-lost=${failing}`], {}, HEARTBEATS_ONLY);
      const heartbeat = `http://${await host.address("heartbeat")}`;
      const console = `http://${await host.address("console")}`;
      const name = (each: string) => encodeURIComponent(`${each}${HOSTILE}`);
      for (const each of ["well", "paused", "lost"]) {
        await ask(`${heartbeat}/hb_ping?600000&appid=${name(each)}`);
      }
      await ask(`${heartbeat}/hb_fail?0&appid=${name("lost")}&reason=${name("reason")}`);
      const member = (each: string) => `${console}/api/v1/members/${name(each)}`;
      await ask(`${member("paused")}/pause`, { reason: `lamp${HOSTILE}` });
      const words = { by: `Anna${HOSTILE}`, note: `note${HOSTILE}` };
      await ask(`${member("lost")}/acknowledge`, words);

      await using operator = await Operator.open(console);
      const { page } = operator;
      const check = async (what: string) => {
        for (const text of await page.evaluate(ALL_TEXTS) as string[]) {
          assert.doesNotMatch(text, UNSEEN, `${what}: ${JSON.stringify(text)}`);
        }
      };
      await page.locator("[data-news]").waitFor();
      for (const each of ["well", "paused", "lost", "lamp", "Anna", "why"]) {
        await page.getByText(`${each}\\u202e\\u2066`).first().waitFor();
      }
      await check("page");
      await page.getByRole("row").getByRole("link", { name: /^lost/ }).click();
      await page.getByRole("complementary").getByText("reason\\u202e").first().waitFor();
      await check("panel");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Actions for .*well/ }).first().click();
      await page.getByRole("menuitem", { name: "Maintenance…" }).click();
      await page.getByRole("dialog").waitFor();
      await check("dialog of maintenance");
      assert.deepEqual(operator.complaints, []);

      for (const path of ["/", "/?lang=de", `/api/v1/members/${name("lost")}/badge.svg`]) {
        const text = await ask(console + path);
        assert.doesNotMatch(text, UNSEEN, path);
        assert.match(text, /\\u202e/, path);
      }
    },
  });
}
