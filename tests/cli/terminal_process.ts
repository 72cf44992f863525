/**
 * The program in a terminal of its own.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { within } from "../support/tcp.ts";
import { cleanEnvironment, commandLine } from "./pulsebox_process.ts";

/** How long something may take to be on the screen, in milliseconds. */
const WAIT_MS = 60_000;

/** A running process whose standard output is a terminal: script(1) of util-linux makes one. */
export class TerminalProcess implements AsyncDisposable {
  /** All that was written to the terminal. */
  screen = "";
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;

  /** @param size What stty is told of the terminal. */
  constructor(args: readonly string[], size: string) {
    const command = commandLine(args).join(" ");
    // Its shell gets a Ctrl-C too, and some shells then end with 130 whatever their child says: it makes
    // way for the command.
    const line = `stty ${size}; exec ${command}`;
    this.#child = new Deno.Command("script", {
      args: ["--quiet", "--return", "--command", line, "/dev/null"],
      env: cleanEnvironment({ TERM: "xterm" }),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream() as TransformStream)
      .getReader();
  }

  /** Waits for something on the screen; a screen that changes for ever does not prolong that. */
  async has(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const found = pattern.exec(this.screen);
      if (found !== null) return found;
      const leftMs = Math.max(0, deadline - performance.now());
      const { value, done } = await within(this.#reader.read(), `${pattern}`, leftMs);
      assert.ok(!done, this.screen);
      this.screen += value;
    }
  }

  /** Sends Ctrl-C. */
  async interrupt(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new Uint8Array([3]));
    writer.releaseLock();
  }

  /** Waits for its end. @return Its exit status. */
  async finished(): Promise<number> {
    return (await within(this.#child.status, "its end")).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close().catch(() => {});
    try {
      // script(1) ends its command by hanging up the terminal.
      this.#child.kill("SIGTERM");
    } catch {
      // It ended already.
    }
    await within(this.#child.status, "its end").catch(() => this.#child.kill("SIGKILL"));
    await this.#child.status;
    await this.#reader.cancel();
  }
}
