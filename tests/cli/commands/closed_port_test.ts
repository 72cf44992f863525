/** Every tool says what it means that nothing listens where it asks. */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { runHere } from "../fake_terminal.ts";
import { callsOf } from "../tool_calls.ts";
import { lastingPort } from "../../support/lasting_port.ts";

/** Commands that ask no server. */
const ASK_NOBODY: ReadonlySet<string> = new Set([
  "serve",
  "heartbeat-url",
  "doctor",
  "install",
  "uninstall",
  "config",
  "completions",
  "help",
  "version",
  "token",
]);

/** Calls of the commands that are told their server in another way than by a URL of HTTP. */
function moreCalls(
  host: string,
  port: number,
  folder: string,
): [name: string, args: string[]][] {
  const place = `${host}:${port}`;
  const at = [`--host=${host}`, `--port=${port}`, `--query-port=${port}`];
  const hev = (...words: string[]): [string, string[]] => [
    "hev",
    ["hev", ...words, ...at, "--for=300ms"],
  ];
  return [
    hev("values"),
    hev("watch"),
    hev("record", `${folder}/breath.hev`),
    hev("cmd", "SET_TIMEOUT", "INHALE", "1111"),
    hev("ack", "APNEA"),
    ["zmq", ["zmq", "sub", `tcp://${place}`, "-t", "300ms"]],
    ["zmq", ["zmq", "sub", `ws://${place}/zmq/sub`, "-t", "300ms"]],
    ["zmq", ["zmq", "pub", `tcp://${place}`, "a", "b", "-t", "300ms"]],
    ["zmq", ["zmq", "req", `tcp://${place}`, "a", "-t", "300ms"]],
    ["state", ["state", "watch", "--server", place, "--for=300ms"]],
    ["trigger-client", ["trigger-client", place, "--for=1s"]],
  ];
}

Deno.test("every tool says what it means that nothing listens where it asks", async () => {
  using directory = temporaryDirectory();
  const port = lastingPort();
  const url = `http://127.0.0.1:${port}`;
  const calls = [
    ...callsOf({ console: url, heartbeat: url, state: url }),
    ...moreCalls("127.0.0.1", port, directory.path),
  ];
  for (const { name } of COMMANDS) {
    const isCalled = calls.some(([called]) => called === name);
    assert.ok(isCalled !== ASK_NOBODY.has(name), `say how ${name} asks, or that it asks nobody`);
  }
  await Promise.all(calls.map(async ([name, args]) => {
    const { status, stdout, stderr } = await runHere(args);
    const said = stdout + stderr;
    // A program under beat runs all the same.
    if (name !== "beat") assert.notEqual(status, 0, `${args.join(" ")}: ${said}`);
    assert.match(said, /nothing listens there|is pulsebox --trigger running/, args.join(" "));
    assert.doesNotMatch(said, /os error/, args.join(" "));
  }));
});

Deno.test("no tool shows the number that an error has in the system", async () => {
  using directory = temporaryDirectory();
  // Linux lets no connection go there.
  const host = "255.255.255.255";
  const url = `http://${host}:1`;
  const calls = [
    ...callsOf({ console: url, heartbeat: url, state: url }),
    ...moreCalls(host, 1, directory.path),
  ];
  await Promise.all(calls.map(async ([, args]) => {
    const { stdout, stderr } = await runHere(args);
    assert.doesNotMatch(stdout + stderr, /os error/, args.join(" "));
  }));
});
