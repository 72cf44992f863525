/**
 * `deno task start`, as the README promises it.
 */

import { strict as assert } from "node:assert";
import { within } from "./support/tcp.ts";

const ROOT = new URL("../", import.meta.url);

/** The task's own words, so that its permissions are tried as well; ports are free ones. */
async function startCommand(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const words: string[] = tasks.start.command.split(" ");
  assert.equal(words.shift(), "deno");
  return words;
}

/** Environment that gives each listening address a free port. */
async function freePorts(): Promise<Record<string, string>> {
  const { OPTIONS } = await import("../src/cli/options.ts");
  const env: Record<string, string> = {};
  for (const { flag } of Object.values(OPTIONS)) {
    if (flag.endsWith("-port")) env[`PULSEBOX_${flag.toUpperCase().replaceAll("-", "_")}`] = "0";
  }
  return env;
}

Deno.test("deno task start prints its addresses, and the page shows life at once", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: await startCommand(),
    cwd: ROOT,
    env: await freePorts(),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let log = "";
    let address: string | undefined;
    while (address === undefined) {
      const { value, done } = await within(lines.read(), "a line of the log");
      assert(!done, `it ended: ${log}`);
      log += value;
      address = /Listening on (\S+) role=console/.exec(log)?.[1];
    }
    let page = "";
    for (let attempt = 0; attempt < 50 && !page.includes("● OK"); attempt++) {
      page = await (await fetch(address)).text();
    }
    assert.match(page, /● OK/);
    assert.match(page, /tetris/);
  } finally {
    child.kill("SIGTERM");
    while (!(await within(lines.read(), "the end of the log")).done);
    assert.equal((await within(child.status, "its end")).code, 0);
  }
});
