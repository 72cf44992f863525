/**
 * The real executable as a child that is killed without warning.
 *
 * @module
 */

import { lastingPort } from "../../tests/support/lasting_port.ts";

const MAIN = new URL("../../main.ts", import.meta.url).href;
/** A start that takes longer has failed. */
const START_MS_MAX = 30_000;
/** Bytes of its log that are kept for the report of a failure. */
const LOG_LENGTH_MAX = 20_000;

/** Where a host is reached. */
export interface HostPorts {
  heartbeat: number;
  console: number;
}

/** A member as the console's API shows it. */
export interface MemberJson {
  id: string;
  name: string;
  state: string;
  promiseMs: number;
  beats: number;
  pause: { reason: string } | null;
}

/** All that the console's API tells of members. */
export interface MembersJson {
  members: MemberJson[];
  pause: { reason: string } | null;
}

/** Finds ports that each life of a host can have. */
export function freePorts(): HostPorts {
  return { heartbeat: lastingPort(), console: lastingPort() };
}

/** One run of the executable. */
export class HostProcess {
  readonly #ports: HostPorts;
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<void>;
  #log = "";
  #ended = false;

  /** @param options More options of the program. */
  constructor(directory: string, ports: HostPorts, options: readonly string[] = []) {
    this.#ports = ports;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--allow-all", MAIN, "--heartbeat", "--data", directory],
        ...["--heartbeat-port", `${ports.heartbeat}`, "--console-port", `${ports.console}`],
        ...options,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    void this.#child.status.then(() => this.#ended = true);
    this.#drained = this.#drain();
  }

  /** What it logged last. */
  get log(): string {
    return this.#log;
  }

  /** Resolves when both ports answer. */
  async ready(): Promise<void> {
    const deadline = performance.now() + START_MS_MAX;
    while (!(await this.#isReady())) {
      if (this.#ended) throw new Error(`Cannot start host: it ended\n${this.#log}`);
      if (performance.now() > deadline) {
        throw new Error(`Cannot start host: not ready after ${START_MS_MAX} ms\n${this.#log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Members as the console's API has them. */
  async members(): Promise<MembersJson> {
    return await (await this.console("members?limit=10000")).json();
  }

  /** Identities in `/list`. */
  async list(): Promise<string[]> {
    const text = await this.heartbeat("list");
    return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  }

  /** One line of the heartbeat protocol. */
  async heartbeat(target: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.heartbeat}/${target}`);
    return await response.text();
  }

  /** One request of the console's API; with a body it is a POST. */
  console(path: string, body?: unknown): Promise<Response> {
    const url = `http://127.0.0.1:${this.#ports.console}/api/v1/${path}`;
    return fetch(
      url,
      body === undefined ? {} : {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      },
    );
  }

  /** Ends it as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#drained;
  }

  async #isReady(): Promise<boolean> {
    try {
      await this.list();
      await this.members();
      return true;
    } catch {
      // Not listening yet; an end of the process is looked at by the caller.
      return false;
    }
  }

  async #drain(): Promise<void> {
    for await (const chunk of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#log = (this.#log + chunk).slice(-LOG_LENGTH_MAX);
    }
  }
}
