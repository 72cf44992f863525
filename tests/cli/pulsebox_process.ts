/**
 * The program as a process of its own, with every wait bounded.
 *
 * @module
 */

import { within } from "../support/tcp.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Variables that would change what the program does. */
const FOREIGN_VARIABLES = /^(PULSEBOX|HB)_|^(APP_ID|JOURNAL_STREAM|NOTIFY_SOCKET|NO_COLOR)$/;

/** An executable may have to unpack itself first, on a machine that is busy. */
const EXECUTABLE_MS_MAX = 60_000;

/** What a finished process left. */
export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
}

/** The words that start the program. */
export function commandLine(args: readonly string[]): string[] {
  return [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", MAIN, ...args];
}

/** Our environment without what would change the program, and with `env`. */
export function cleanEnvironment(env: Record<string, string> = {}): Record<string, string> {
  const ours = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !FOREIGN_VARIABLES.test(name)
  );
  return { ...Object.fromEntries(ours), ...ownCaches(env), ...env };
}

/** An executable looks for unpacked copies in every cache: one that ran before must not help a test. */
function ownCaches({ XDG_CACHE_HOME: place }: Record<string, string>): Record<string, string> {
  return place === undefined || place === "" ? {} : { HOME: place, CACHE_DIRECTORY: "" };
}

/** A running process of the program. */
export class PulseboxProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: Collected;
  readonly #stderr: Collected;

  /** @param command The words that start the program, if it is not to be run from its source. */
  constructor(
    args: readonly string[],
    env: Record<string, string> = {},
    command: readonly string[] = commandLine([]),
  ) {
    const [program = "", ...rest] = [...command, ...args];
    this.#child = new Deno.Command(program, {
      args: rest,
      env: cleanEnvironment(env),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdout = new Collected(this.#child.stdout);
    this.#stderr = new Collected(this.#child.stderr);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for text on standard output. */
  stdoutHas(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#stdout.has(pattern);
  }

  /** Waits for text on standard error. */
  stderrHas(pattern: RegExp, waitMs?: number): Promise<RegExpExecArray> {
    return this.#stderr.has(pattern, waitMs);
  }

  /** What came on standard error so far. */
  get stderrText(): string {
    return this.#stderr.text;
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for its end. */
  async finished(waitMs?: number): Promise<Finished> {
    const { code } = await within(this.#child.status, "end of the process", waitMs);
    await within(Promise.all([this.#stdout.closed, this.#stderr.closed]), "end of its output");
    return { status: code, stdout: this.#stdout.text, stderr: this.#stderr.text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended already.
    }
    await this.#child.status;
    await Promise.all([this.#stdout.closed, this.#stderr.closed]);
  }
}

/** Runs the program to its end. */
export async function runProcess(
  args: readonly string[],
  env?: Record<string, string>,
  command?: readonly string[],
  waitMs?: number,
): Promise<Finished> {
  await using process = new PulseboxProcess(args, env, command);
  return await process.finished(waitMs ?? (command === undefined ? undefined : EXECUTABLE_MS_MAX));
}

/** A running host with the heartbeat role, on free ports. */
export class PulseboxHost implements AsyncDisposable {
  private constructor(
    readonly process: PulseboxProcess,
    /** URL of the heartbeat server. */
    readonly url: string,
    readonly consoleUrl: string,
  ) {}

  /** Starts it and waits until it listens. */
  static async start(
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<PulseboxHost> {
    const process = new PulseboxProcess([
      "--heartbeat",
      "--heartbeat-port=0",
      "--console-port=0",
      ...args,
    ], env);
    try {
      const heartbeat = await process.stderrHas(/Listening on (\S+) role=heartbeat/);
      const console = await process.stderrHas(/Listening on (\S+) role=console/);
      return new PulseboxHost(process, heartbeat[1] ?? "", console[1] ?? "");
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.process[Symbol.asyncDispose]();
  }
}

/** A stream's text, and who waits for some of it. */
class Collected {
  text = "";
  readonly closed: Promise<void>;
  #isClosed = false;
  #onChange: (() => void)[] = [];

  constructor(stream: ReadableStream<Uint8Array>) {
    this.closed = this.#read(stream);
  }

  has(pattern: RegExp, waitMs?: number): Promise<RegExpExecArray> {
    return within(this.#wait(pattern), `${pattern} in ${JSON.stringify(this.text)}`, waitMs);
  }

  async #wait(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null) return found;
      if (this.#isClosed) throw new Error(`Ended without ${pattern}: ${this.text}`);
      await new Promise<void>((resolve) => this.#onChange.push(resolve));
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.text += decoder.decode(chunk, { stream: true });
      this.#tell();
    }
    this.#isClosed = true;
    this.#tell();
  }

  #tell(): void {
    for (const resolve of this.#onChange.splice(0)) resolve();
  }
}
