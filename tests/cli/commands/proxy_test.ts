/** Tools talk to their own machine directly, whatever proxy the environment names. */

import { strict as assert } from "node:assert";
import { PulseboxHost, runProcess } from "../pulsebox_process.ts";
import { ANSWERED, callsOf } from "../tool_calls.ts";
import { hearsNews } from "../watching.ts";

/** What a host needs so that each of them has something to do. */
const EVERY_TOOL = ["--trigger", "--trigger-host=127.0.0.1", "--trigger-port=0", "--on-lost=true"];

/** A proxy that refuses everything and counts who came. */
function startProxy(): Disposable & { url: string; visits: () => number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let visits = 0;
  (async () => {
    for await (const conn of listener) {
      visits++;
      conn.close();
    }
  })().catch(() => {});
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    visits: () => visits,
    [Symbol.dispose]: () => listener.close(),
  };
}

const names = new Set(callsOf({ console: "C", heartbeat: "H" }).map(([name]) => name));

for (const name of names) {
  Deno.test(`pulsebox ${name} does not go through HTTP_PROXY`, async () => {
    await using host = await PulseboxHost.start(EVERY_TOOL);
    await (await fetch(`${host.url}/hb_ping?60000&appid=tetris`)).text();
    using proxy = startProxy();
    // Not that of HTTPS: the runtime itself may ask for a package's description.
    const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url };
    const calls = callsOf({ console: host.consoleUrl, heartbeat: host.url });
    for (const [, args] of calls.filter(([each]) => each === name)) {
      if (name === "watch") {
        await hearsNews(
          args,
          async (appId) => await (await fetch(`${host.url}/hb_ping?60000&appid=${appId}`)).text(),
          env,
        );
      } else {
        const { status, stdout, stderr } = await runProcess(args, env);
        const isAnswered = status === 0 || ANSWERED.test(stdout + stderr);
        assert.ok(isAnswered, stdout + stderr);
      }
    }
    assert.equal(proxy.visits(), 0);
  });
}
