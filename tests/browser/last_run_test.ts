/**
 * The last run of the command for lost members, on the page and in the API.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const COMMAND = "--on-lost=echo 'no <b>route</b>' >&2; exit 3";

if (hasChromium("the last run of a command")) {
  Deno.test({
    name: "the page and the API show the last run of the command for lost members",
    ...OPTIONS,
    async fn() {
      await using host = new WholeHost([COMMAND], {}, HEARTBEATS_ONLY);
      const url = `http://${await host.address("console")}`;
      const ask = async () => await (await fetch(`${url}/api/v1/notify`)).json();
      assert.deepEqual(await ask(), { ways: 1, lastRun: null });
      await using operator = await Operator.open(url);
      const shown = operator.page.locator(".last-run");
      await operator.page.locator("#verdict[data-news]").waitFor();
      assert.equal(await shown.count(), 0);

      const began = Date.now();
      const beat = `http://${await host.address("heartbeat")}/hb_ping?1&appid=fleeting`;
      await (await fetch(beat)).text();
      await shown.waitFor();
      const { lastRun } = await ask();
      const { at, ...rest } = lastRun;
      assert.deepEqual(rest, {
        member: "hilbert/fleeting @ 127.0.0.1",
        exitStatus: 3,
        problem: "its exit status was 3: no <b>route</b>",
      });
      assert.ok(Date.parse(at) > began && Date.parse(at) <= Date.now(), at);
      const words =
        /^The command for lost members ran last for hilbert\/fleeting @ 127\.0\.0\.1, until \d\d \w{3} \d{4}, \d\d:\d\d:\d\d: its exit status was 3: no <b>route<\/b>$/;
      assert.match(await shown.innerText(), words);
      assert.match(
        await (await fetch(url)).text(),
        /class="last-run">The command for lost members/,
      );
      assert.deepEqual(operator.complaints, []);
    },
  });
}
