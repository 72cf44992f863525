/** Tools talk to their own machine directly, whatever proxy the environment names. */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { PulseboxHost, PulseboxProcess, runProcess } from "../pulsebox_process.ts";

/** How each command that asks a server is called: the console's with `C`, the heartbeat's with `H`. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  check: ["tetris", "--url=H"],
  beat: ["tetris", "--url=H", "--", "true"],
  members: ["--console-url=C"],
  watch: ["--console-url=C", "--json"],
  pause: ["tetris", "--console-url=C"],
  forget: ["tetris", "--console-url=C"],
  resume: ["tetris", "--console-url=C"],
  notify: ["test", "--console-url=C"],
  trigger: ["list", "--console-url=C"],
  fleet: ["--console-url=C"],
};

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

const asking = COMMANDS.filter(({ flags }) => "consoleUrl" in flags || "url" in flags);

for (const { name } of asking) {
  Deno.test(`pulsebox ${name} does not go through HTTP_PROXY`, async () => {
    await using host = await PulseboxHost.start(EVERY_TOOL);
    await (await fetch(`${host.url}/hb_ping?60000&appid=tetris`)).text();
    using proxy = startProxy();
    // Not that of HTTPS: the runtime itself may ask for a package's description.
    const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url };
    const call = CALLS[name];
    assert.ok(call !== undefined, `say in CALLS how ${name} is called`);
    const args = [
      name,
      ...call.map((word) =>
        word.replace("=C", `=${host.consoleUrl}`).replace("=H", `=${host.url}`)
      ),
    ];
    if (name === "watch") {
      await using watch = new PulseboxProcess(args, env);
      // Each beat of a new name is news; the first may come before anybody listens.
      const heard = watch.stdoutHas(/member-registered/);
      let isHeard = false;
      heard.finally(() => isHeard = true).catch(() => {});
      for (let count = 0; !isHeard; count++) {
        await (await fetch(`${host.url}/hb_ping?60000&appid=new${count}`)).text();
        await Promise.race([heard, new Promise((done) => setTimeout(done, 100))]);
      }
      await heard;
    } else {
      const { status, stderr } = await runProcess(args, env);
      // The console has answered, be it that there is nobody to tell, or no fleet.
      const isAnswered = status === 0 || / refuses: |nobody is told/i.test(stderr);
      assert.ok(isAnswered, stderr);
    }
    assert.equal(proxy.visits(), 0);
  });
}
