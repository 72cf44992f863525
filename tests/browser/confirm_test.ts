/**
 * A warning that waits for the operator, in a real browser.
 */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { hasChromium } from "../support/chromium.ts";
import { spoilPage } from "../support/spoiled_page.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };

async function startDamaged(directory: string): Promise<PulseboxHost> {
  {
    await using host = await PulseboxHost.start(["--data", directory]);
    const reply = await fetch(`${host.url}/hb_ping?600000&appid=tetris`);
    await reply.body?.cancel();
    host.process.signal("SIGTERM");
    assert.equal((await host.process.finished()).status, 0);
  }
  spoilPage(`${directory}/pulsebox.db`, "history");
  return await PulseboxHost.start(["--data", directory]);
}

if (hasChromium("the warning of a damaged database")) {
  Deno.test({
    name: "confirm: the page shows what was damaged until somebody presses Confirm",
    ...OPTIONS,
    async fn() {
      const directory = await Deno.makeTempDir();
      try {
        await using host = await startDamaged(directory);
        await using operator = await Operator.open(host.consoleUrl);
        const { page } = operator;
        await page.locator("#verdict.problem").getByText("The database was damaged").waitFor();
        await page.getByRole("alert").getByRole("button", { name: "Confirm" }).click();
        await page.locator("#verdict.well").getByText("All is well").waitFor();
        assert.equal(await page.getByText("The database was damaged").count(), 0);
        assert.deepEqual(operator.complaints, []);
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}
