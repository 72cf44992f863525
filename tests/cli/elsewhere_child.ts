/**
 * Runs in a network of its own, where 10.0.0.7 is this machine: what the README says of other computers.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { PulseboxProcess, runProcess } from "./pulsebox_process.ts";

const README = new URL("../../README.md", import.meta.url);
const WELL = /^OK - fine application \[tetris @ 10\.0\.0\.7\]/;

/** Lines of the commands in the README's section. */
async function commands(): Promise<readonly string[]> {
  const [, section = ""] = (await Deno.readTextFile(README)).split("\n## From another computer\n");
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^```text\n([^]*?)^```$/gm)].flatMap(([, text = ""]) =>
    text.trimEnd().split("\n")
  );
}

/** The words of a line that wants no shell: quotes, and variables in front. */
function wordsOf(line: string, token: string): { args: string[]; env: Record<string, string> } {
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", "")) ?? [];
  const env: Record<string, string> = {};
  for (let [word = ""] = words; /^[A-Z_]+=/.test(word); [word = ""] = words) {
    const [name = "", value = ""] = word.split("=");
    env[name] = value.replace("…", token);
    words.shift();
  }
  return { args: words, env };
}

using directory = temporaryDirectory();
Deno.chdir(directory.path);
const [makeToken = "", start = "", beat = "", check = "", pause = ""] = await commands();

// Closed to others, and each tool says how it is opened.
{
  await using closed = new PulseboxProcess(["--heartbeat"]);
  await closed.stderrHas(/role=console/);
  const asked = await runProcess(wordsOf(check, "").args.slice(1));
  assert.match(asked.stdout, /^CRITICAL - .*--heartbeat-host for other machines\?\n$/);
  const { args } = wordsOf(pause, "");
  const paused = await runProcess(args.slice(1));
  assert.match(paused.stderr, /nothing listens there; .*--console-host for other machines\?\n$/);
}

const made = await runProcess(wordsOf(makeToken, "").args.slice(1));
assert.equal(made.status, 0, made.stderr);
const token = made.stdout.trim();
await using host = new PulseboxProcess(wordsOf(start, "").args.slice(1));
await host.stderrHas(/Listening on \S+ role=console/);

const { args: [program, url = ""] } = wordsOf(beat, "");
assert.equal(program, "curl");
assert.equal(await (await fetch(url)).text(), "6000");

const checked = await runProcess(wordsOf(check, "").args.slice(1));
assert.match(checked.stdout, WELL);

const { args, env } = wordsOf(pause, token);
const refused = await runProcess(args.slice(1));
assert.equal(refused.status, 1);
assert.match(refused.stderr, /--token-file/);
const paused = await runProcess(args.slice(1), env);
assert.equal(paused.status, 0, paused.stderr);
assert.match(paused.stdout, /^Maintenance of tetris @ 10\.0\.0\.7 has begun/);

const page = await fetch("http://10.0.0.7:8880");
assert.match(await page.text(), /<input id="token"/);

// The tools of the machine itself are on the list too.
const here = await runProcess(["members"], { PULSEBOX_TOKEN: token });
assert.equal(here.status, 0, here.stderr);
