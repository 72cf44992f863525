/**
 * jszmq itself, bundled for a page as a game's build would do it.
 */

import { strict as assert } from "node:assert";
import { ZmqHost } from "../interop/zmq_host.ts";
import { installZmqPackages } from "../interop/zmq_packages.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { within } from "../support/tcp.ts";

/** `url` is what a bundler puts in place of Node's module of that name. */
const PACKAGES = ["jszmq@0.1.2", "url@0.11.4", "esbuild@0.25.12"];
/** A browser takes its time to start. */
const PAGE_MS_MAX = 30_000;
const LARGE_BYTES = 1_048_576;

/** Runs in the page: all of a game client's sockets, then what they heard. */
const SCRIPT = `async ({ sub, pub, req, largeBytes }) => {
  const { socket, Buffer } = jszmq;
  const texts = (message) => message.map((frame) => frame.toString("latin1"));
  const next = (from) => new Promise((resolve) =>
    from.once("message", (...message) => resolve(message)));
  const ask = async (kind, ...message) => {
    const requester = socket(kind);
    requester.connect(req);
    const answer = next(requester);
    requester.send(message);
    const reply = texts(await answer);
    requester.close();
    return reply;
  };
  const subscriber = socket("sub");
  subscriber.connect(sub);
  subscriber.subscribe("On");
  const publisher = socket("pub");
  publisher.connect(pub);
  // A PUB drops what it is given before it knows who listens: said again until it arrives.
  const arrived = next(subscriber);
  const timer = setInterval(() => publisher.send(["OnStateChange1", "RUNNING", ""]), 50);
  const publication = texts(await arrived);
  clearInterval(timer);
  const isLarge = new Promise((resolve) => subscriber.on("message", (topic, body) =>
    topic.toString() === "OnLarge" && resolve(body)));
  publisher.send(["OnLarge", Buffer.alloc(largeBytes, 0x5a)]);
  const large = await isLarge;
  const answers = {
    publication,
    large: [large.length, large.every((byte) => byte === 0x5a)],
    req: await ask("req", "GetClientState", "1"),
    dealer: await ask("dealer", "", "GetClientState", "2"),
  };
  subscriber.close();
  publisher.close();
  return answers;
}`;

const packages = hasChromium("jszmq on a page")
  ? await installZmqPackages("jszmq on a page", PACKAGES)
  : undefined;

if (packages !== undefined) {
  Deno.test({
    name: "jszmq on a page subscribes, publishes 1 MiB and asks as REQ and as DEALER",
    // The browser's driver keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = new ZmqHost();
      const browser = await TestBrowser.open();
      try {
        const page = await browser.newPage();
        page.on("pageerror", (error) => console.error(error.message));
        await page.addScriptTag({ content: await bundle(packages.folder) });
        const plan = {
          sub: host.url("sub", "ws"),
          pub: host.url("pub", "ws"),
          req: host.url("req", "ws"),
          largeBytes: LARGE_BYTES,
        };
        const answers = page.evaluate(`(${SCRIPT})(${JSON.stringify(plan)})`);
        assert.deepEqual(await within(answers, "the page is done", PAGE_MS_MAX), {
          publication: ["OnStateChange1", "RUNNING", ""],
          large: [LARGE_BYTES, true],
          req: ["Reply", "GetClientState", "1"],
          dealer: ["", "Reply", "GetClientState", "2"],
        });
        assert.deepEqual(host.violations, []);
      } finally {
        await browser.close();
      }
    },
  });
}

async function bundle(folder: string): Promise<string> {
  const entry = `${folder}/page.cjs`;
  await Deno.writeTextFile(
    entry,
    `module.exports = { ...require("jszmq"), Buffer: require("buffer").Buffer };`,
  );
  const { success, stdout, stderr } = await new Deno.Command(
    `${folder}/node_modules/.bin/esbuild`,
    {
      args: [
        entry,
        "--bundle",
        "--platform=browser",
        "--format=iife",
        "--global-name=jszmq",
        "--define:global=globalThis",
        "--define:process.env={}",
      ],
      stdin: "null",
    },
  ).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
