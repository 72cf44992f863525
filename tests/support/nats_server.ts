/**
 * Real brokers: Debian's nats-server as a process.
 *
 * @module
 */

import { isInstalled } from "./tool.ts";
import { within } from "./tcp.ts";
import { lastingPort } from "./lasting_port.ts";

/** What {@linkcode requirement} needs to know of it. */
export const NATS_SERVER = {
  name: "nats-server",
  available: isInstalled("nats-server"),
  howToGet: "apt-get install nats-server",
} as const;

/** What a broker is started with. */
export interface NatsServerOptions {
  /** A folder of the test's own: configuration and streams go there. */
  readonly folder: string;
  /** Whether it can remember: JetStream. */
  readonly jetstream?: boolean;
  /** More lines of its configuration. */
  readonly config?: string;
  /** Instead of any that is free. */
  readonly port?: number;
}

/** A broker that runs. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #options: NatsServerOptions;
  #child: Deno.ChildProcess;
  #reading: Promise<void>;

  private constructor(
    options: NatsServerOptions,
    port: number,
    child: Deno.ChildProcess,
    reading: Promise<void>,
  ) {
    this.port = port;
    this.#options = options;
    this.#child = child;
    this.#reading = reading;
  }

  /** Starts one and waits until it takes clients. */
  static async start(options: NatsServerOptions): Promise<NatsServer> {
    const { child, port, reading } = await launch(options, options.port ?? lastingPort());
    return new NatsServer(options, port, child, reading);
  }

  /** `nats://127.0.0.1:PORT`. */
  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  /** Starts it again after {@linkcode NatsServer.kill}, on the same port. */
  async restart(): Promise<void> {
    const { child, reading } = await launch(this.#options, this.port);
    this.#child = child;
    this.#reading = reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#reading;
  }
}

async function launch(
  { folder, jetstream = true, config = "" }: NatsServerOptions,
  port: number,
): Promise<{ child: Deno.ChildProcess; port: number; reading: Promise<void> }> {
  const path = `${folder}/nats.conf`;
  const memory = jetstream ? `jetstream { store_dir: "${folder}/streams" }` : "";
  await Deno.writeTextFile(path, `listen: "127.0.0.1:${port}"\n${memory}\n${config}\n`);
  const child = new Deno.Command("nats-server", {
    args: ["-c", path],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const ready = Promise.withResolvers<number>();
  const reading = read(child.stderr, (text) => {
    const [, found] = /Listening for client connections on [^\n]*:(\d+)\n/.exec(text) ?? [];
    if (found !== undefined && text.includes("Server is ready")) ready.resolve(Number(found));
  }).then((text) => ready.reject(new Error(`nats-server has ended:\n${text}`)));
  ready.promise.catch(() => {});
  return { child, port: await within(ready.promise, "nats-server takes clients"), reading };
}

async function read(
  stream: ReadableStream<Uint8Array>,
  onText: (text: string) => void,
): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    if (text.length < 65_536) onText(text += piece);
  }
  return text;
}
