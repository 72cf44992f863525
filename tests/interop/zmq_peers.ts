/**
 * Foreign ZeroMQ peers as child processes.
 *
 * @module
 */

import { PYTHON } from "../support/python.ts";
import { within } from "../support/tcp.ts";

/** A peer that was started; it is killed at the end. */
export class ForeignPeer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #name: string;
  #text = "";

  /**
   * @param command A program.
   * @param args Its arguments; the last one names the peer in messages of failure.
   * @param cwd Where it runs.
   */
  constructor(command: string, args: readonly string[], cwd?: string) {
    this.#name = args.at(-1) ?? command;
    this.#child = new Deno.Command(command, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
      ...(cwd === undefined ? {} : { cwd }),
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Writes one line of JSON to its standard input. */
  async tell(value: unknown): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  }

  /** The next line of its standard output. */
  async hear(): Promise<Record<string, unknown>> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line);
      }
      const { value, done } = await within(this.#output.read(), `${this.#name} says something`);
      if (done) throw new Error(`${this.#name} ended`);
      this.#text += value;
    }
  }

  /** Waits for its own end; true if it found nothing wrong. */
  async ended(): Promise<boolean> {
    await this.#input.close();
    return (await within(this.#child.status, `${this.#name} ends`)).success;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => undefined);
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    while (!(await this.#output.read()).done);
    await this.#child.status;
  }
}

const SCRIPT = new URL("./zmq_python.py", import.meta.url).pathname;

/** Starts a peer made of the system's libzmq. */
export function pythonPeer(plan: Readonly<Record<string, unknown>>): ForeignPeer {
  return new ForeignPeer(PYTHON, [SCRIPT, JSON.stringify(plan)]);
}
