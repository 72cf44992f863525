/**
 * The trigger role as a process of its own.
 *
 * @module
 */

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const START_MS_MAX = 30_000;

/** Variables that would change what the program does. */
const FOREIGN_VARIABLES = /^(PULSEBOX|TIX)_|^(HOST|PORT|LOG_LEVEL|WORKER_POOL_SIZE)$/;

/** A running `pulsebox --trigger` on a free port of loopback. */
export class TriggerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<void>;

  private constructor(child: Deno.ChildProcess, port: number, drained: Promise<void>) {
    this.#child = child;
    this.port = port;
    this.#drained = drained;
  }

  /** Starts it with further options and waits until it listens. */
  static async start(options: readonly string[] = []): Promise<TriggerProcess> {
    const env = Object.entries(Deno.env.toObject())
      .filter(([name]) => !FOREIGN_VARIABLES.test(name));
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--allow-all", MAIN, "--trigger", "--no-console"],
        ...["--trigger-host=127.0.0.1", "--trigger-port=0", ...options],
      ],
      env: Object.fromEntries(env),
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    const timer = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
    let text = "";
    let port: string | undefined;
    while (port === undefined) {
      const { value, done } = await lines.read();
      if (done) throw new Error(`Cannot start the trigger role: it said "${text}"`);
      text += value;
      port = /Listening on udp:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    }
    clearTimeout(timer);
    return new TriggerProcess(child, Number(port), drain(lines));
  }

  get pid(): number {
    return this.#child.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#drained;
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
