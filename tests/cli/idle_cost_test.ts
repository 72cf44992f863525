/** What a host that nobody looks at spares: parts of the runtime that take megabytes once used. */

import { strict as assert } from "node:assert";
import { commandLine, PulseboxProcess } from "./pulsebox_process.ts";

const SPIES = new URL("costly_spies.js", import.meta.url).pathname;

Deno.test("a host with members uses neither Intl nor FFI", async () => {
  // The launchers block the signal, and say so.
  const env = { PULSEBOX_BLOCKED: "USR1", PULSEBOX_OUTER_DENO_DIR: "" };
  const [program = "", run = "", ...rest] = commandLine([]);
  const args = ["--heartbeat", `--heartbeat-port=${pickedPort()}`, "--console-port=0"];
  await using host = new PulseboxProcess(args, env, [program, run, `--preload=${SPIES}`, ...rest]);
  const [, url] = await host.stderrHas(/Listening on (\S+) role=heartbeat/);
  const [, consoleUrl] = await host.stderrHas(/Listening on (\S+) role=console/);
  for (const path of ["hb_init?5000&appid=tetris", "hb_ping?appid=tetris", "list"]) {
    await (await fetch(`${url}/${path}`)).text();
  }
  assert.equal((await fetch(`${consoleUrl}/healthz`)).status, 200);
  host.signal("SIGTERM");
  const { status, stderr } = await host.finished();
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /COSTLY/);
});

/** One of the ports that the system picks, so that an outgoing connection could hold it. */
function pickedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
