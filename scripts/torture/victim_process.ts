/**
 * The server to be tortured, in a process of its own.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import { fileURLToPath } from "node:url";
import type { Victim } from "./hostile_peers.ts";

/** What the server says of itself. */
export interface VictimState {
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Open connections. */
  readonly connections: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Times that the system could not accept. */
  readonly acceptErrors: number;
  /** Ended connections by reason. */
  readonly closed: Readonly<Record<string, number>>;
}

const SERVER = fileURLToPath(new URL("./server.ts", import.meta.url));

/** A running server, which ends with this object. */
export class VictimProcess implements AsyncDisposable {
  /** Where it listens. */
  readonly victim: Victim;
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(child: Deno.ChildProcess, lines: AsyncIterator<string>, victim: Victim) {
    this.#child = child;
    this.#lines = lines;
    this.#input = child.stdin.getWriter();
    this.victim = victim;
  }

  /**
   * Starts it.
   *
   * @param options Limit of open descriptors; the machine's if not given. Files of a certificate and its
   * key; without TLS if not given.
   */
  static async start(
    { descriptorsMax, tls }: {
      readonly descriptorsMax?: number;
      readonly tls?: { readonly cert: string; readonly key: string };
    } = {},
  ): Promise<VictimProcess> {
    const deno = [
      Deno.execPath(),
      "run",
      "--quiet",
      // As the tasks and the executable run.
      ENGINE_FLAGS,
      "--allow-net",
      "--allow-sys",
      "--allow-read",
      "--unstable-net",
      SERVER,
      ...(tls === undefined ? [] : [tls.cert, tls.key]),
    ];
    const limit = descriptorsMax === undefined ? "" : `ulimit -n ${descriptorsMax} && `;
    const child = new Deno.Command("sh", {
      args: ["-c", `${limit}exec "$@"`, "sh", ...deno],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = linesOf(child.stdout);
    const { port } = JSON.parse((await lines.next()).value);
    return new VictimProcess(child, lines, { hostname: "127.0.0.1", port });
  }

  /** Asks it how it is. */
  async state(): Promise<VictimState> {
    await this.#input.write(new Uint8Array([10]));
    return JSON.parse((await this.#lines.next()).value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    this.#child.kill("SIGKILL");
    await this.#lines.return?.();
    await this.#child.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
