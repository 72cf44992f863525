/**
 * A game server as a process of its own, for scripts that try it.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const ARGUMENTS = [
  "run",
  "--quiet",
  ENGINE_FLAGS,
  "--allow-all",
  "--unstable-net",
  MAIN,
  "--state",
  "--no-console",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
];

/** A running server; it is killed when it is disposed of. */
export interface GameServer extends AsyncDisposable {
  readonly pid: number;
  /** Its HTTP port, on loopback. */
  readonly port: number;
}

/** Starts a server with further options and waits until it listens. */
export async function startGameServer(options: readonly string[] = []): Promise<GameServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...ARGUMENTS, ...options],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const port = await portOf(child.stderr);
  return {
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** The port of the line that says where the server listens; the rest is read and forgotten. */
async function portOf(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number> {
  const [lines, rest] = stderr.tee();
  void rest.pipeTo(new WritableStream()).catch(() => {/* ends with the process */});
  let text = "";
  for await (const part of lines.pipeThrough(new TextDecoderStream())) {
    text += part;
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`Cannot start server: ${text}`);
}
