/**
 * How long the console keeps everything else waiting when very many members are watched.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import type { Row } from "./row.ts";
import { lastingPort } from "../../tests/support/lasting_port.ts";

const MEMBERS = 100_000;
const ROUNDS = 3;
const ROUND_MS = 1_000;
/** A turn that began in one round may be reported in the next. */
const REPORT_MS = 300;
const TURN_MS_MAX = 20;

const LIMITS = [
  `--heartbeat-applications-max=${2 * MEMBERS}`,
  `--heartbeat-applications-per-address-max=${2 * MEMBERS}`,
];

/** What a page or a monitor asks for. */
type Ask = (consoleUrl: string) => Promise<void>;

/** The longest turn of a host while it is asked, beside its longest turn while nobody asks. */
export async function run(): Promise<Row[]> {
  await using host = await MeteredHost.start();
  await register(host.port);
  const asks: Record<string, Ask> = {
    "/metrics": (url) => read(`${url}metrics`),
    "the page": (url) => read(url),
    "the wall": (url) => read(`${url}?view=wall`),
    "the page's snapshot": (url) => readSnapshot(`${url}api/v1/events`),
    ...await listAsks(host.url),
  };
  const longest = new Map<string, number>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, ask] of [["nothing", () => pause(10)] as const, ...Object.entries(asks)]) {
      host.longestMs = 0;
      for (const end = performance.now() + ROUND_MS; performance.now() < end;) await ask(host.url);
      await pause(REPORT_MS);
      // The first round warms up.
      if (round > 0) longest.set(name, Math.max(longest.get(name) ?? 0, host.longestMs));
    }
  }
  const floor = longest.get("nothing") ?? NaN;
  return Object.keys(asks).map((name) => {
    const value = longest.get(name) ?? NaN;
    return {
      area: "console",
      measure: `longest turn while ${name} is read, 100 000 members, beside none`,
      value,
      unit: "ms",
      floor,
      ratio: value / floor,
      goal: `<= ${TURN_MS_MAX} ms`,
      pass: value <= TURN_MS_MAX,
    };
  });
}

/** Everything that the API tells of all members: a new operation is among them. */
async function listAsks(consoleUrl: string): Promise<Record<string, Ask>> {
  const { paths }: { paths: Record<string, { get?: { responses: object } }> } =
    await (await fetch(`${consoleUrl}openapi.json`)).json();
  const asks: Record<string, Ask> = {};
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined || path.includes("{") || path.endsWith("/events")) continue;
    const { body, ok } = await fetch(`${consoleUrl}${path.slice(1)}`);
    await body?.cancel();
    // What belongs to roles that this host does not have is refused.
    if (ok) asks[path] = (url) => read(`${url}${path.slice(1)}`);
  }
  return asks;
}

/** A host that reports its longest turns. */
class MeteredHost implements AsyncDisposable {
  /** The longest turn that was reported since this was set to 0, in milliseconds. */
  longestMs = 0;
  readonly url: string;
  port = NaN;
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  readonly #started = Promise.withResolvers<void>();

  private constructor(consolePort: number) {
    this.url = `http://127.0.0.1:${consolePort}/`;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", ENGINE_FLAGS, "-A"],
        ...["scripts/bench/metered_host.ts", "--heartbeat", "--heartbeat-port=0"],
        ...["--log-level=warning", `--console-port=${consolePort}`, ...LIMITS],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#reading = this.#read();
  }

  static async start(): Promise<MeteredHost> {
    const host = new MeteredHost(lastingPort());
    await host.#started.promise;
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const part of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + part).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
    this.#started.reject(new Error("Cannot start the host: it ended"));
  }

  #take(line: string): void {
    const turn = /^turn ([\d.]+)$/.exec(line)?.[1];
    if (turn !== undefined) this.longestMs = Math.max(this.longestMs, Number(turn));
    const port = /port: \[(\d+)\]/.exec(line)?.[1];
    if (port === undefined) return;
    this.port = Number(port);
    this.#started.resolve();
  }
}

/** Lets each member be heard once, many in one write. */
async function register(port: number): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(65_536);
  const batch = 100;
  for (let first = 0; first < MEMBERS; first += batch) {
    const requests = Array.from(
      { length: batch },
      (_, index) =>
        `GET /hb_ping?3600000&appid=application-${first + index} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    const bytes = new TextEncoder().encode(requests.join(""));
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
    for (let replies = 0; replies < batch;) {
      const count = await connection.read(buffer) ?? NaN;
      replies += new TextDecoder().decode(buffer.subarray(0, count)).split("HTTP/1.1").length - 1;
    }
  }
}

async function read(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`Cannot measure: ${url} answers ${response.status}`);
}

/** Listens as a page does, until all of the snapshot has come. */
async function readSnapshot(url: string): Promise<void> {
  const response = await fetch(url);
  if (response.body === null) throw new Error(`Cannot measure: ${url} has no body`);
  const reader = response.body.getReader();
  let last = 0;
  // An event ends with an empty line.
  for (let before = 0; !(before === 10 && last === 10);) {
    const { value, done } = await reader.read();
    if (done) throw new Error("Cannot measure: the snapshot has no end");
    before = value.at(-2) ?? last;
    last = value.at(-1) ?? last;
  }
  await reader.cancel();
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
