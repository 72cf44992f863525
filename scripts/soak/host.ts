/**
 * The real program with all roles, in a child process that is killed and started again.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import { cleanEnvironment } from "../../tests/cli/pulsebox_process.ts";
import type { Metrics, Places } from "./crowd.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** A start that takes longer has failed. */
const START_MS_MAX = 60_000;
/** Time in which what a killed process still sent arrives. */
const ARRIVAL_MS = 150;
/** Different lines of the log that are kept. */
const LINES_MAX = 100;
const METRICS_TIMEOUT_MS = 10_000;

/** What the host is told. */
export interface SoakHostOptions {
  /** For the database, the settings and the serial port. */
  readonly directory: string;
  readonly webhook: string;
  /** More options of the program. */
  readonly flags: readonly string[];
}

/** A host that lives again and again, at the same places and with the same data. */
export class SoakHost implements AsyncDisposable {
  readonly places: Places = freePlaces();
  /** Where the microcontroller is plugged in. */
  readonly serialPath: string;
  readonly #options: SoakHostOptions;
  readonly #lines = new Map<string, number>();
  #child: Deno.ChildProcess | undefined;
  #drained = Promise.resolve();
  #lives = 0;
  #reloads = 0;
  #isUp = false;
  #readyAt = 0;

  constructor(options: SoakHostOptions) {
    this.#options = options;
    this.serialPath = `${options.directory}/arduino`;
  }

  /** How often it was started. */
  get lives(): number {
    return this.#lives;
  }

  /** When it was ready, in milliseconds of monotonic time. */
  get readyAt(): number {
    return this.#readyAt;
  }

  /** @throws {Error} while it does not run. */
  get pid(): number {
    if (this.#child === undefined) throw new Error("The host does not run");
    return this.#child.pid;
  }

  get databasePath(): string {
    return `${this.#options.directory}/data/pulsebox.db`;
  }

  /** Lines of its log that are errors, with how often they came. */
  get errors(): ReadonlyMap<string, number> {
    return this.#lines;
  }

  /** Starts it and waits until all ports answer. */
  async start(): Promise<void> {
    this.#writeSettings();
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "--allow-all", ENGINE_FLAGS],
        ...[MAIN, "--all", `--config=${this.#settingsPath}`, "--log-level=error"],
        ...[`--data=${this.#options.directory}/data`, `--hev-source=serial:${this.serialPath}`],
        ...this.#portFlags(),
        ...this.#options.flags,
      ],
      env: cleanEnvironment(),
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#child = child;
    this.#lives++;
    this.#drained = this.#drain(child.stderr);
    const deadline = performance.now() + START_MS_MAX;
    let ended = "";
    void child.status.then(({ code, signal }) => ended = `it ended with ${signal ?? code}`);
    while (!await this.#isReady()) {
      if (ended !== "" || performance.now() > deadline) {
        const reasons = [ended || "it is not ready in time", ...this.#lines.keys()];
        throw new Error(`Cannot start the host: ${reasons.join("; ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#readyAt = performance.now();
    this.#isUp = true;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#isUp = false;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself; whoever asks for its metrics next finds that out.
    }
    await child.status;
    await this.#drained;
    this.#child = undefined;
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS));
  }

  /**
   * Changes the settings and tells it to read them again. Does nothing while it starts: SIGHUP ends
   * whatever does not listen to it yet.
   */
  reload(): void {
    if (!this.#isUp) return;
    this.#reloads++;
    this.#writeSettings();
    Deno.kill(this.pid, "SIGHUP");
  }

  /**
   * Its metrics now.
   *
   * @throws {Error} if it does not answer.
   */
  async metrics(): Promise<Metrics> {
    const reply = await fetch(`http://127.0.0.1:${this.places.console}/metrics`, {
      signal: AbortSignal.timeout(METRICS_TIMEOUT_MS),
    });
    const lines = (await reply.text()).split("\n").filter((line) => /^[^#\s]/.test(line));
    return new Map(lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  get #settingsPath(): string {
    return `${this.#options.directory}/settings.json`;
  }

  #writeSettings(): void {
    const settings = {
      webhook: [this.#options.webhook],
      webhookReminder: this.#reloads % 2 === 0 ? "4h" : "5h",
    };
    Deno.writeTextFileSync(this.#settingsPath, JSON.stringify(settings));
  }

  #portFlags(): string[] {
    const { places } = this;
    const ports = {
      heartbeat: places.heartbeat,
      trigger: places.trigger,
      "hev-web": places.hevWeb,
      "hev-query": places.hevQuery,
      "hev-native": places.hevNative,
      state: places.state,
      "state-publisher": places.publisher,
      "state-subscriber": places.subscriber,
      console: places.console,
    };
    return [
      ...Object.entries(ports).map(([name, port]) => `--${name}-port=${port}`),
      ...["heartbeat", "trigger", "hev", "state", "console"].map((role) =>
        `--${role}-host=127.0.0.1`
      ),
    ];
  }

  async #isReady(): Promise<boolean> {
    try {
      const reply = await fetch(`http://127.0.0.1:${this.places.console}/metrics`);
      await reply.body?.cancel();
      return reply.ok;
    } catch {
      return false;
    }
  }

  async #drain(stderr: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#note(line.trim());
    }
  }

  #note(line: string): void {
    if (line === "" || (this.#lines.size >= LINES_MAX && !this.#lines.has(line))) return;
    this.#lines.set(line, (this.#lines.get(line) ?? 0) + 1);
  }
}

/** Ports that are free right now. */
function freePlaces(): Places {
  using stack = new DisposableStack();
  const tcp = () => {
    const listener = stack.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    return listener.addr.port;
  };
  const phones = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  stack.defer(() => phones.close());
  return {
    heartbeat: tcp(),
    trigger: (phones.addr as Deno.NetAddr).port,
    hevWeb: tcp(),
    hevQuery: tcp(),
    hevNative: tcp(),
    state: tcp(),
    publisher: tcp(),
    subscriber: tcp(),
    console: tcp(),
  };
}
