/**
 * The page's button that tests whether people can be told.
 */

import { strict as assert } from "node:assert";
import { HEARTBEATS_ONLY, WholeHost } from "../cli/whole_host.ts";
import { hasChromium } from "../support/chromium.ts";
import { Operator } from "./operator.ts";

if (hasChromium("the page's test of notifications")) {
  Deno.test({
    name: "the page tests every way of telling, and says what came of each",
    // The driver of the browser keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using endpoint = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        () => new Response(null, { status: 204 }),
      );
      const place = `127.0.0.1:${endpoint.addr.port}`;
      const args = [`--webhook=http://${place}/s3cret`, "--on-lost=echo 'no route' >&2; exit 3"];
      await using host = new WholeHost(args, {}, HEARTBEATS_ONLY);
      await using operator = await Operator.open(`http://${await host.address("console")}`);
      const { page } = operator;
      await page.getByRole("button", { name: "Test notifications" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(`● OK: webhook ${place}, status 204`).waitFor();
      const failed = "✖ Failed: command --on-lost, its exit status was 3: no route";
      await dialog.getByText(failed).waitFor();
      await operator.isAccessible();
      await operator.fits();
      await page.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "detached" });
      assert.deepEqual(operator.complaints, []);
    },
  });

  Deno.test({
    name: "the page of a host that tells nobody has no button to test that",
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = new WholeHost([], {}, HEARTBEATS_ONLY);
      await using operator = await Operator.open(`http://${await host.address("console")}`);
      const { page } = operator;
      await page.getByRole("button", { name: "Pause the whole host…" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Test notifications" }).count(), 0);
    },
  });
}
