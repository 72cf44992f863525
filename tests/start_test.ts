/**
 * `deno task start`, as the README promises it.
 */

import { strict as assert } from "node:assert";
import { within } from "./support/tcp.ts";

const ROOT = new URL("../", import.meta.url);

/** A task's own words, so that its permissions are tried as well. */
async function taskCommand(name: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const words: string[] = tasks[name].command.split(" ");
  assert.equal(words.shift(), "deno");
  return words;
}

/** Environment that gives each listening address a free port. */
async function freePorts(): Promise<Record<string, string>> {
  const { OPTIONS } = await import("../src/cli/settings/options.ts");
  const env: Record<string, string> = {};
  for (const { flag } of Object.values(OPTIONS)) {
    if (flag.endsWith("-port")) env[`PULSEBOX_${flag.toUpperCase().replaceAll("-", "_")}`] = "0";
  }
  return env;
}

Deno.test("deno task start prints its addresses, and the page shows life at once", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: await taskCommand("start"),
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

Deno.test("deno task pulsebox runs the roles that follow", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...await taskCommand("pulsebox"), "--heartbeat"],
    cwd: ROOT,
    env: await freePorts(),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await within(lines.read(), "the start line");
  const port = /^Serving HTTP on \[127\.0\.0\.1\], port: \[(\d+)\]\.\.\.\n$/.exec(value ?? "")?.[1];
  const reply = await fetch(`http://127.0.0.1:${port}/hb_ping?5000&appid=tetris`);
  assert.equal(await reply.text(), "6000");
  child.kill("SIGTERM");
  while (!(await within(lines.read(), "the end of the output")).done);
  assert.equal((await within(child.status, "its end")).code, 0);
});
