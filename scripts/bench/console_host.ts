/**
 * A host with heartbeats and a console, as benches start it.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import { type Child, startChild } from "../process.ts";
import { lastingPort } from "../../tests/support/lasting_port.ts";

const ARGUMENTS = [
  "run",
  "--quiet",
  ENGINE_FLAGS,
  "-A",
  "main.ts",
  "--heartbeat",
  "--heartbeat-port=0",
  "--log-level=warning",
];

/** A running host. */
export interface ConsoleHost extends AsyncDisposable {
  /** Of the page, with a slash at its end. */
  readonly url: string;
  /** Of the heartbeats. */
  readonly port: number;
}

/** Starts a host on free ports. */
export async function startConsoleHost(more: readonly string[] = []): Promise<ConsoleHost> {
  const consolePort = lastingPort();
  const args = [...ARGUMENTS, `--console-port=${consolePort}`, ...more];
  const child: Child = await startChild(args, /port: \[\d+\]/);
  return {
    url: `http://127.0.0.1:${consolePort}/`,
    port: Number(/port: \[(\d+)\]/.exec(child.line)?.[1]),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
