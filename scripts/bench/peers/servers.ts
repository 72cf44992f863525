/**
 * What the bench compares, each a program of its own: the product, what a user would take instead, and
 * the floor.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../../compile/runtime_flags.ts";
import { hasPythonModule, PYTHON } from "../../../tests/support/python.ts";
import { type Program, type RunningProgram, startProgram } from "../../process.ts";
import { lastingPort } from "../../../tests/support/lasting_port.ts";

/** A started server. */
export interface Server extends AsyncDisposable {
  readonly pid: number;
  /** Its ports by what they are for. */
  readonly ports: Readonly<Record<string, number>>;
}

/** More than the largest crowd. */
const CONNECTIONS_MAX = 100_000;
/** Where the scripts of this folder are. */
export const FOLDER: string = new URL("./", import.meta.url).pathname;

/** The state role as users run it; `tcp` and `ws` are for its subscribers. */
export function startStateRole(): Promise<Server> {
  return startProduct({ ws: "http", publisher: "tcp", tcp: "tcp" }, [
    "--state",
    "--state-host=127.0.0.1",
    "--state-port=0",
    "--state-publisher-port=0",
    "--state-subscriber-port=0",
  ]);
}

/**
 * Starts the product and reads its ports.
 *
 * @param listening What its addresses are for, and their schemes, in the order in which it tells them.
 * @param options Options of the command.
 */
export async function startProduct(
  listening: Readonly<Record<string, string>>,
  options: readonly string[],
): Promise<Server> {
  const names = Object.keys(listening);
  const pattern = Object.values(listening)
    .map((scheme) => String.raw`Listening on ${scheme}://\S+?:(\d+) [^]*?`).join("");
  const found = (text: string) => new RegExp(pattern).exec(text);
  const program = await startProgram({
    command: Deno.execPath(),
    args: [
      ...["run", "--quiet", ENGINE_FLAGS, "--allow-all", "main.ts"],
      ...[`--connections-max=${CONNECTIONS_MAX}`],
      ...[`--connections-per-address-max=${CONNECTIONS_MAX}`, "--no-console", ...options],
    ],
    speaks: "stderr",
    isReady: (text) => found(text) !== null,
  });
  const ports = found(program.text)?.slice(1).map(Number) ?? [];
  return { ...program, ports: Object.fromEntries(names.map((name, at) => [name, ports[at] ?? 0])) };
}

/** libzmq as Debian has it; undefined, and a line that says so, where it is missing. */
export async function startLibzmq(act: "forward" | "echo"): Promise<Server | undefined> {
  if (!hasPythonModule("zmq")) return skip("libzmq", "python3-zmq");
  return await withPorts({ command: PYTHON, args: [`${FOLDER}libzmq.py`, act] });
}

/** A script of this folder under Deno. */
export function startScript(script: string, ...args: string[]): Promise<Server> {
  return withPorts({
    command: Deno.execPath(),
    args: ["run", "--quiet", "--allow-all", `${FOLDER}${script}`, ...args],
  });
}

/** Mosquitto as Debian has it; undefined, and a line that says so, where it is missing. */
export async function startMosquitto(): Promise<Server | undefined> {
  const command = "/usr/sbin/mosquitto";
  if (!isThere(command)) return skip("Mosquitto", "mosquitto");
  const port = lastingPort();
  // As good as it can be: no delay, and nothing dropped.
  const config = await writeConfig([
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "set_tcp_nodelay true",
    "max_queued_messages 0",
    "persistence false",
    "log_type notice",
    "log_type information",
  ]);
  return withFile(config, {
    ...await startProgram({
      command,
      args: ["-c", config],
      speaks: "stderr",
      isReady: (text) => / running$/m.test(text),
    }),
    ports: { publisher: port, mqtt: port },
  });
}

export function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Says on standard error that a peer is left out. */
export function skip(name: string, debianPackage: string): undefined {
  console.error(`not compared with ${name}: apt-get install ${debianPackage}`);
}

/** Writes a configuration; ser2net takes it for YAML by its name. */
export async function writeConfig(lines: readonly string[]): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "pulsebox-bench-", suffix: ".yaml" });
  await Deno.writeTextFile(path, lines.join("\n") + "\n");
  return path;
}

/** A server that has a file of its own, which goes with it. */
export function withFile(path: string, server: RunningProgram & Server): Server {
  return {
    pid: server.pid,
    ports: server.ports,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(path);
    },
  };
}

/** Whether a command of the path is there. */
export function commandIsThere(command: string): boolean {
  try {
    return new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/**
 * Starts a program that prints its ports as JSON.
 *
 * @param only The name of its port, if it prints nothing but this.
 */
export async function withPorts(
  program: Pick<Program, "command" | "args">,
  only?: string,
): Promise<Server> {
  const isReady = (text: string) => text !== "";
  const running = await startProgram({ ...program, speaks: "stdout", isReady });
  const printed = JSON.parse(running.text);
  return { ...running, ports: only === undefined ? printed : { [only]: printed } };
}
