/**
 * The page behind the real nginx, whose buffers hold back what is not told to pass.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { hasNginx, startNginx } from "../support/nginx.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
/** A page without news comes anew after ten seconds; on a slow machine it takes longer. */
const RELOAD_MS = 40_000;
const SUITE = "the page behind nginx";

async function beat(host: WholeHost, name: string, delayMs = 600_000): Promise<void> {
  const origin = `http://${await host.address("heartbeat")}`;
  const reply = await fetch(`${origin}/hb_ping?${delayMs}&appid=${name}`);
  assert.equal(reply.status, 200, await reply.text());
}

if (hasChromium(SUITE) && hasNginx(SUITE)) {
  for (
    const [what, more, isLive] of [
      ["with its default buffers, events arrive as they happen", "", true],
      [
        "that ignores what it is told of buffers, the page tells the truth all the same",
        "proxy_ignore_headers X-Accel-Buffering;",
        false,
      ],
    ] as const
  ) {
    Deno.test({
      name: `nginx: behind one ${what}`,
      ...OPTIONS,
      async fn() {
        await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
        await beat(host, "tetris");
        using directory = temporaryDirectory();
        const upstream = `http://${await host.address("console")}`;
        const location = `location / { proxy_pass ${upstream}; ${more} }`;
        await using nginx = await startNginx(directory.path, location);
        const url = `http://127.0.0.1:${nginx.port}/`;
        await using operator = await Operator.open(url);
        const { page } = operator;
        let loads = 0;
        page.on("framenavigated", () => loads++);
        if (isLive) await page.locator("#verdict.well[data-news]").waitFor();
        else await page.locator("#verdict.silent").waitFor({ timeout: RELOAD_MS });
        await beat(host, "fleeting", 1);
        await page.locator("#verdict.lost #status").getByText("1 of 2 is lost")
          .waitFor({ timeout: RELOAD_MS });
        // Held back, events come when the buffer is full, or the page comes anew.
        if (isLive) assert.equal(loads, 0, "the page was loaded again");
      },
    });
  }
}
