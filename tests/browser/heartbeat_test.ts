/**
 * Heartbeats from a page of another origin, as the JavaScript library of the original sends them.
 */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";

/** Runs in the page: each way in which pages talk to a heartbeat server. */
const SCRIPT = `async (base) => {
  const get = (path) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", base + path);
    request.onload = () => resolve(request.status + " " + request.responseText);
    request.onerror = () => reject(new Error("cannot get " + path));
    request.send();
  });
  const bust = "&cache_buster=" + Date.now();
  return {
    init: await get("/hb_init?6000&appid=browser_app" + bust),
    ping: await get("/hb_ping?16.7&appid=browser_app" + bust),
    status: await get("/status?appid=browser_app" + bust),
    refused: await get("/hb_pong?5&appid=browser_app"),
    preflight: await (await fetch(base + "/hb_ping?5000&appid=json_app", {
      method: "POST",
      headers: { "content-type": "application/json", "x-exhibit": "7" },
      body: "{",
    })).text(),
    beacon: navigator.sendBeacon(base + "/hb_done?0&appid=browser_app"),
  };
}`;

if (hasChromium("heartbeats from a browser")) {
  for (const origin of ["another origin", "a file"]) {
    Deno.test({
      name: `a page of ${origin} sends heartbeats and reads the replies`,
      // The browser's driver keeps timers of its own.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        await using host = await PulseboxHost.start();
        await using folder = await makeFolder();
        const server = Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen() {} },
          () => new Response("<h1>exhibit</h1>", { headers: { "content-type": "text/html" } }),
        );
        const browser = await TestBrowser.open();
        try {
          const page = await browser.newPage();
          await page.goto(
            origin === "a file" ? folder.page : `http://127.0.0.1:${server.addr.port}/`,
          );
          const replies = await page.evaluate(`(${SCRIPT})(${JSON.stringify(host.url)})`) as Record<
            string,
            unknown
          >;
          assert.equal(replies["init"], "200 7000");
          assert.equal(replies["ping"], "200 1017");
          assert.match(
            String(replies["status"]),
            /^200 OK - fine application \[browser_app @ 127\.0\.0\.1\]/,
          );
          assert.equal(
            replies["refused"],
            "400 ERROR: cannot process your request: [/hb_pong?5&appid=browser_app]",
          );
          assert.equal(replies["preflight"], "6000");
          assert.equal(replies["beacon"], true);
          await untilListed(host.url, "json_app @ 127.0.0.1\n");
        } finally {
          await browser.close();
          await server.shutdown();
        }
      },
    });
  }
}

/** A beacon arrives some time after the page has sent it. */
async function untilListed(url: string, list: string): Promise<void> {
  let actual = "";
  for (let attempt = 0; attempt < 200 && actual !== list; attempt++) {
    actual = await (await fetch(`${url}/list`)).text();
  }
  assert.equal(actual, list);
}

async function makeFolder(): Promise<AsyncDisposable & { page: string }> {
  const path = await Deno.makeTempDir({ prefix: "pulsebox-page-" });
  await Deno.writeTextFile(`${path}/page.html`, "<h1>exhibit</h1>");
  return {
    page: `file://${path}/page.html`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
