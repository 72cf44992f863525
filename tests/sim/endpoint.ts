/**
 * The endpoint of a webhook and the shell of a command, as the simulation plays them.
 *
 * @module
 */

import type { VirtualTime } from "./virtual_time.ts";

/** What an endpoint does with a message. */
export type Manner = "takes" | "refuses" | "busy" | "hangs" | "unreachable" | "deaf-after";

/** One message that the endpoint has taken. */
export interface Message {
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly items: readonly {
    readonly id: string;
    readonly member?: string;
    readonly alarm?: string;
    readonly priority?: string;
  }[];
}

/** Receives notifications in place of `fetch`. */
export class Endpoint {
  manner: Manner = "takes";
  /** Messages taken, in order; one that came twice is in here twice. */
  readonly taken: Message[] = [];
  readonly #time: VirtualTime;
  readonly #realFetch = globalThis.fetch;
  readonly #realClient = Deno.createHttpClient;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Takes the place of the network's HTTP until disposed of. */
  install(): Disposable {
    Object.assign(globalThis, { fetch: (_: unknown, init: RequestInit) => this.#answer(init) });
    Object.assign(Deno, { createHttpClient: () => ({ close() {}, [Symbol.dispose]() {} }) });
    return {
      [Symbol.dispose]: () => {
        Object.assign(globalThis, { fetch: this.#realFetch });
        Object.assign(Deno, { createHttpClient: this.#realClient });
      },
    };
  }

  async #answer({ body, signal }: RequestInit): Promise<Response> {
    this.#time.noteActivity();
    switch (this.manner) {
      case "takes":
        this.#take(String(body));
        return new Response("ok");
      case "refuses":
        return new Response("no", { status: 503 });
      case "busy":
        return new Response("later", { status: 429, headers: { "retry-after": "7" } });
      case "unreachable":
        throw new TypeError("error sending request: Connection refused");
      case "deaf-after":
        // The message has come, and its answer is lost: it is sent again, with the same identity.
        this.#take(String(body));
        throw new TypeError("error sending request: Connection reset");
      case "hangs":
        return await new Promise((_, reject) => {
          const end = () => reject(signal?.reason);
          if (signal?.aborted) end();
          else signal?.addEventListener("abort", end);
        });
    }
  }

  #take(body: string): void {
    const { id, type, items } = JSON.parse(body);
    this.taken.push({ at: this.#time.now, id, type, items });
  }
}

/** One run of the operator's command. */
export interface CommandRun {
  readonly at: number;
  /** `PROTOCOL/IDENTITY` of the member that is lost. */
  readonly member: string;
  /** What it ended with, or is to end with. */
  exitStatus: number;
}

/** Runs commands in place of `Deno.Command`. */
export class Shell {
  /** Milliseconds that a command takes, and its exit status. */
  takesMs = 0;
  exitStatus = 0;
  readonly runs: CommandRun[] = [];
  readonly #time: VirtualTime;
  readonly #real = Deno.Command;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Takes the place of the machine's programs until disposed of. */
  install(): Disposable {
    // deno-lint-ignore no-this-alias
    const shell = this;
    class VirtualCommand {
      readonly #env: Record<string, string>;
      constructor(_: string, { env = {} }: { env?: Record<string, string> } = {}) {
        this.#env = env;
      }
      spawn(): unknown {
        return shell.#run(this.#env);
      }
    }
    Object.assign(Deno, { Command: VirtualCommand });
    return { [Symbol.dispose]: () => void Object.assign(Deno, { Command: this.#real }) };
  }

  #run(env: Readonly<Record<string, string>>): unknown {
    const run = {
      at: this.#time.now,
      member: env["PULSEBOX_MEMBER"] ?? "",
      exitStatus: this.exitStatus,
    };
    this.runs.push(run);
    const { promise, resolve } = Promise.withResolvers<{ code: number; success: boolean }>();
    const end = (code: number) => {
      run.exitStatus = code;
      resolve({ code, success: code === 0 });
    };
    const timer = this.#time.after(this.takesMs, () => end(this.exitStatus));
    return {
      status: promise,
      stderr: new ReadableStream({ start: (controller) => controller.close() }),
      kill: () => {
        this.#time.cancel(timer);
        end(143);
      },
    };
  }
}
