/**
 * A cable between two machines that is cut and plugged in again. It runs in a network of its own and
 * makes a second one, in which the whole host is.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { sleep } from "../../src/net/sleep.ts";
import { cleanEnvironment, commandLine } from "../cli/pulsebox_process.ts";
import { type AtTheCable, CABLE_CLIENTS, type Listening } from "./cable_clients.ts";

const HOST = "10.99.0.1";
const OURS = "10.99.0.2";
/** A busy machine is this much later than what a client promises, in milliseconds. */
const SLACK_MS = 4_000;
/** Connections come back within their pauses and one handshake; in milliseconds. */
const RETURN_MS_MAX = 30_000;
const STEP_MS = 25;

const HOST_ARGUMENTS = [
  ...["heartbeat", "trigger", "hev", "state"].flatMap((role) => [
    `--${role}`,
    `--${role}-host=${HOST}`,
  ]),
  "--hev-source=emulator",
  "--no-console",
];

/** Runs a program to its end; an exit status other than 0 fails the test. */
async function run(...[program = "", ...args]: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  assert.ok(success, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A host at the other end of a cable. */
class FarHost implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<FarHost> {
    // It starts when it has its end of the cable.
    const script = 'read -r _ && exec "$@"';
    const child = new Deno.Command("unshare", {
      args: ["--net", "bash", "-c", script, "host", ...commandLine(HOST_ARGUMENTS)],
      env: cleanEnvironment(),
      clearEnv: true,
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const far = new FarHost(child);
    const ours = await Deno.readLink("/proc/self/ns/net");
    while (await Deno.readLink(`/proc/${child.pid}/ns/net`) === ours) await sleep(STEP_MS);
    await run("ip", "link", "add", "near", "type", "veth", "peer", "far", "netns", `${child.pid}`);
    await run("ip", "addr", "add", `${OURS}/24`, "dev", "near");
    await run("ip", "link", "set", "near", "up");
    await far.#ip("addr", "add", `${HOST}/24`, "dev", "far");
    await far.#ip("link", "set", "lo", "up");
    await far.plugIn();
    const stdin = child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode("\n"));
    await stdin.close();
    await far.#listens();
    return far;
  }

  cut(): Promise<void> {
    return this.#ip("link", "set", "far", "down");
  }

  plugIn(): Promise<void> {
    return this.#ip("link", "set", "far", "up");
  }

  /** Its last port is there, so all are. */
  async #listens(): Promise<void> {
    for (let triesLeft = 400;; triesLeft--) {
      try {
        return (await Deno.connect({ hostname: HOST, port: 4321 })).close();
      } catch (error) {
        if (triesLeft === 0) throw error;
        await sleep(STEP_MS);
      }
    }
  }

  #ip(...args: string[]): Promise<void> {
    return run("nsenter", `--net=/proc/${this.#child.pid}/ns/net`, "ip", ...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    const { stderr } = await this.#child.output();
    if (Deno.env.has("CABLE_LOG")) console.error(new TextDecoder().decode(stderr));
  }
}

/** What one client has said, and when. */
interface Story {
  readonly name: string;
  readonly client: AtTheCable;
  readonly listening: Listening;
  readonly told: { state: "up" | "down"; detail: string; at: number }[];
}

function start(name: string, client: AtTheCable): Story {
  const told: Story["told"] = [];
  const listening = client.start(HOST, (state, detail) => {
    told.push({ state, detail, at: performance.now() });
  });
  return { name, client, listening, told };
}

/** Waits until all have said so many things. */
async function allSay(stories: readonly Story[], count: number, msMax: number): Promise<void> {
  const until = performance.now() + msMax;
  const behind = () => stories.filter(({ told }) => told.length < count);
  while (behind().length > 0 && performance.now() < until) await sleep(STEP_MS);
  assert.deepEqual(behind().map(({ name, told }) => [name, ...told]), [], "these say nothing");
}

async function play(ending: AsyncDisposableStack): Promise<void> {
  const limitMsMax = Math.max(...Object.values(CABLE_CLIENTS).map(({ limitMs }) => limitMs));
  const far = ending.use(await FarHost.start());
  const stories = Object.entries(CABLE_CLIENTS).map(([name, client]) => start(name, client));
  for (const { listening } of stories) ending.use(listening);
  await allSay(stories, 1, RETURN_MS_MAX);
  const old = stories.filter(({ listening }) => listening.isOld());
  assert.deepEqual(old.map(({ name }) => name), [], "all is new");

  await far.cut();
  const cutAt = performance.now();
  await allSay(stories, 2, limitMsMax + SLACK_MS);
  for (const { name, client, told, listening } of stories) {
    const { state, detail, at } = told[1] ?? { state: "", detail: "", at: Infinity };
    assert.equal(state, "down", name);
    assert.ok(detail !== "", `${name} says why`);
    const tookMs = at - cutAt;
    assert.ok(tookMs < client.limitMs + SLACK_MS, `${name} took ${Math.round(tookMs)} ms`);
    assert.ok(listening.isOld(), `${name} knows that it is old`);
    console.log(`${name}: ${Math.round(tookMs)} of ${client.limitMs} ms: ${detail}`);
  }

  await far.plugIn();
  const pluggedAt = performance.now();
  await allSay(stories, 3, RETURN_MS_MAX);
  for (const { name, told, listening } of stories) {
    assert.deepEqual(
      told.map(({ state }) => state),
      ["up", "down", "up"],
      `${name} says each once`,
    );
    assert.ok(!listening.isOld(), `${name} is new again`);
    console.log(`${name}: back after ${Math.round((told[2]?.at ?? 0) - pluggedAt)} ms`);
  }
}

const ending = new AsyncDisposableStack();
try {
  await play(ending);
} catch (error) {
  console.error(error);
  // What fails on the way out fails for the same reason.
  await ending.disposeAsync().catch(() => {});
  Deno.exit(1);
}
await ending.disposeAsync();
