/**
 * Hosts of a fleet that are lost together on the console's first page: one card, and none for each.
 */

import { strict as assert } from "node:assert";
import { BEAT_MS, fleetRules, LOST_PROMISES } from "../../src/roles/fleet/options.ts";
import { setUp } from "../console/bench.ts";
import { hasChromium } from "../support/chromium.ts";
import { Operator } from "./operator.ts";

/** The driver of the browser keeps timers of its own. */
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };
const TICK_MS = 100;

if (hasChromium("the card of hosts that were lost together")) {
  Deno.test(
    "hosts that are lost together are one card with their place, and one word for all",
    OPTIONS,
    async () => {
      using bench = setUp({ membersMax: 50 });
      const roster = bench.members.open(fleetRules());
      const hear = (name: string, address: string) =>
        roster.hear({ id: name, name, address, promiseMs: BEAT_MS, kind: "beat" }, bench.now());
      const hall = Array.from({ length: 40 }, (_, index) => `w${index}`);
      for (const name of hall) hear(name, "10.0.0.7");
      hear("foyer", "foyer");
      // The console's clock goes on, so that the page gets news, however long a slow machine opens it.
      let isFoyerWell = true;
      const clock = setInterval(() => {
        if (isFoyerWell) hear("foyer", "foyer");
        bench.advance(TICK_MS);
      }, TICK_MS);
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        (request) => bench.app.app.fetch(request, { peerAddress: "127.0.0.1" }),
      );
      try {
        bench.advance(BEAT_MS);
        hear("foyer", "foyer");
        bench.advance((LOST_PROMISES - 1) * BEAT_MS + 1);
        const url = `http://127.0.0.1:${server.addr.port}/`;
        await using operator = await Operator.open(url);
        const { page } = operator;
        const cards = page.locator(".cards .card");
        const group = page.getByRole("article", { name: "40 hosts are lost" });
        await group.getByRole("heading", { name: "40 hosts are lost" }).waitFor();
        await group.getByText("Entrance").waitFor();
        await group.getByText("w0, w1, w2, w3, w4 and 35 more").waitFor();
        assert.equal(await cards.count(), 1);
        await operator.isAccessible();
        await operator.picture("group-card");

        // A host that is lost later has a card of its own.
        isFoyerWell = false;
        bench.advance(LOST_PROMISES * BEAT_MS + 1);
        await page.getByRole("article", { name: "foyer" }).waitFor();
        assert.equal(await cards.count(), 2);

        // One word for all of them.
        await group.getByRole("button", { name: /^I’m on it/ }).click();
        await page.getByRole("dialog").getByRole("textbox").first().fill("Anna");
        await page.getByRole("dialog").getByRole("button", { name: "I’m on it" }).click();
        await group.getByText("Anna is on it").waitFor();
        const handled = [...roster.values()].filter(({ acknowledgement }) =>
          acknowledgement?.by === "Anna"
        );
        assert.deepEqual(handled.map(({ id }) => id).sort(), hall.toSorted());

        // They come back, and the card goes.
        for (const name of hall) hear(name, "10.0.0.7");
        await group.waitFor({ state: "detached" });
        assert.equal(await cards.count(), 1);
        assert.deepEqual(operator.complaints, []);
      } finally {
        clearInterval(clock);
        await server.shutdown();
      }
    },
  );
}
