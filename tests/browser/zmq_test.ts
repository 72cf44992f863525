/**
 * A page that speaks ZWS 2.0 over the browser's own WebSocket, byte for byte as jszmq does.
 */

import { strict as assert } from "node:assert";
import { ZmqHost } from "../interop/zmq_host.ts";
import { hasChromium, TestBrowser } from "../support/chromium.ts";
import { within } from "../support/tcp.ts";

/** Runs in the page: subscribes, publishes to itself through the host, asks, and tells what came. */
const SCRIPT = `async ({ sub, pub, req }) => {
  const open = (url) => new Promise((resolve, reject) => {
    const socket = new WebSocket(url, "ZWS2.0");
    socket.binaryType = "arraybuffer";
    socket.heard = [];
    socket.onmessage = ({ data }) => {
      socket.heard.push(String.fromCharCode(...new Uint8Array(data)));
      socket.wake?.();
    };
    socket.onopen = () => {
      socket.send(Uint8Array.of(0));
      resolve(socket);
    };
    socket.onerror = () => reject(new Error("cannot open " + url));
  });
  const say = (socket, ...frames) => {
    frames.forEach((frame, index) => {
      const flags = index < frames.length - 1 ? 1 : 0;
      socket.send(Uint8Array.from(String.fromCharCode(flags) + frame, (c) => c.charCodeAt(0)));
    });
  };
  const hear = async (socket, count) => {
    while (socket.heard.length < count) await new Promise((resolve) => socket.wake = resolve);
    return socket.heard;
  };
  const subscriber = await open(sub);
  say(subscriber, "\\x01On");
  const publisher = await open(pub);
  await hear(publisher, 2);
  const requester = await open(req);
  say(requester, "", "GetClientState", "1");
  const reply = await hear(requester, 5);
  // The reply has come after the subscription: both were sent in this order to one process.
  await new Promise((resolve) => window.subscribed = resolve);
  say(publisher, "OnStateChange1", "RUNNING");
  const publication = await hear(subscriber, 3);
  // Once the subscriber has gone, the publisher hears that, too.
  const asked = [...await hear(publisher, 3)];
  const closed = new Promise((resolve) => subscriber.onclose = ({ code }) => resolve(code));
  subscriber.close(1000);
  return {
    protocol: subscriber.protocol + subscriber.extensions,
    asked,
    reply,
    publication,
    code: await closed,
  };
}`;

if (hasChromium("ZeroMQ from a browser")) {
  Deno.test({
    name: "a page subscribes, publishes and asks over ZWS 2.0",
    // The browser's driver keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using host = new ZmqHost();
      const browser = await TestBrowser.open();
      try {
        const page = await browser.newPage();
        const urls = {
          sub: host.url("sub", "ws"),
          pub: host.url("pub", "ws"),
          req: host.url("req", "ws"),
        };
        const running = page.evaluate(`(${SCRIPT})(${JSON.stringify(urls)})`);
        await within(host.subscribed("On"), "the page subscribes");
        await page.waitForFunction("window.subscribed !== undefined");
        await page.evaluate("window.subscribed()");
        assert.deepEqual(await within(running, "the page is done"), {
          protocol: "ZWS2.0",
          // The routing id of the host, and its subscription to everything.
          asked: ["\0", "\0\x01", "\0\x01On"],
          reply: ["\0", "\x01", "\x01Reply", "\x01GetClientState", "\x001"],
          publication: ["\0", "\x01OnStateChange1", "\0RUNNING"],
          code: 1000,
        });
      } finally {
        await browser.close();
      }
    },
  });
}
