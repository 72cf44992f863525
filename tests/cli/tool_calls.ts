/**
 * How each command that asks a running host is called; a new one has to be added here, or the tests
 * that walk over all of them fail.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";

/** The server has answered, if not with what was asked: no fleet, nobody to tell, an alarm. */
export const ANSWERED = / refuses: |nobody is told|no client "1"|members=\d/i;

/** Where the servers of a host are, as URLs. */
export interface HostUrls {
  readonly console: string;
  readonly heartbeat: string;
  readonly state?: string;
}

/** The flags by which a command is told the URL of a server. */
const URL_FLAGS = ["consoleUrl", "url", "server"];

/** `C` stands for the console's URL, `H` for the heartbeat server's, `S` for the game server's. */
const CALLS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  check: [["tetris", "--url=H"], ["--url=H", "--console-url=C"], ["--fleet", "--console-url=C"]],
  beat: [["tetris", "--no-done", "--url=H", "--", "true"]],
  members: [["--console-url=C"]],
  outages: [["--console-url=C"]],
  watch: [["--console-url=C", "--json"]],
  pause: [["tetris", "--console-url=C"]],
  acknowledge: [["tetris", "--by=Anna", "--console-url=C"]],
  tag: [["tetris", "--console-url=C"]],
  forget: [["tetris", "--console-url=C"]],
  resume: [["--all", "--console-url=C"]],
  notify: [["test", "--console-url=C"]],
  trigger: [["list", "--console-url=C"]],
  fleet: [["--console-url=C"], ["forget", "nobody", "--console-url=C"]],
  state: [["list", "--server=S"], ["set", "1", "RUNNING", "--server=S"]],
  "game-client": [["S", "--id=1", "--for=4s"]],
};

/** The commands that are told a URL, each with its calls. */
export function callsOf({ console, heartbeat, state }: HostUrls): [name: string, args: string[]][] {
  const asking = COMMANDS.filter(({ name, flags }) =>
    URL_FLAGS.some((key) => key in flags) || name in CALLS
  );
  const places: Record<string, string | undefined> = { C: console, H: heartbeat, S: state };
  return asking.flatMap(({ name }) => {
    const calls = CALLS[name];
    assert.ok(calls !== undefined, `say in tests/cli/tool_calls.ts how ${name} is called`);
    return calls
      .map((words) => words.map((word) => word.replace(/(?<=^|=)[CHS]$/, (at) => places[at] ?? "")))
      .filter((_, at) => state !== undefined || !calls[at]?.some((word) => /(^|=)S$/.test(word)))
      .map((words): [string, string[]] => [name, [name, ...words]]);
  });
}

/** The same calls without any URL: what is left has to come from settings. */
export function callsWithoutPlace(): [name: string, args: string[]][] {
  return Object.entries(CALLS).flatMap(([name, calls]) =>
    calls.map((words): [string, string[]] => [
      name,
      [name, ...words.filter((word) => !/(^|=)[CHS]$/.test(word))],
    ])
  );
}
