/**
 * The ZeroMQ packages for Node.js, in a folder of their own.
 *
 * @module
 */

import { findNode } from "../support/node.ts";
import { requirement } from "../support/require.ts";
import { ForeignPeer } from "./zmq_peers.ts";

const PACKAGES = ["jszmq@0.1.2", "zeromq@6.8.0"];
const INSTALL_MS_MAX = 60_000;
const SCRIPT = new URL("./zmq_node.cjs", import.meta.url).pathname;

/** A folder where Node.js finds the packages; removed at the end of the process. */
export interface ZmqPackages {
  readonly node: string;
  readonly folder: string;
}

/** Installs packages of the npm registry, or says what is missing. */
export async function installZmqPackages(
  suite: string,
  packages: readonly string[] = PACKAGES,
): Promise<ZmqPackages | undefined> {
  const node = findNode();
  const folder = node === undefined ? undefined : await install(node, packages);
  const available = requirement(suite, {
    name: node === undefined ? "Node.js" : `the packages ${packages.join(" and ")}`,
    available: folder !== undefined,
    howToGet: node === undefined ? "apt-get install nodejs npm" : "a network connection for npm",
  });
  return available && node !== undefined && folder !== undefined ? { node, folder } : undefined;
}

/** Starts a peer of one of the packages. */
export function nodePeer(
  { node, folder }: ZmqPackages,
  plan: Readonly<Record<string, unknown>>,
): ForeignPeer {
  return new ForeignPeer(node, [SCRIPT, JSON.stringify(plan)], folder);
}

async function install(node: string, packages: readonly string[]): Promise<string | undefined> {
  const folder = Deno.makeTempDirSync({ prefix: "pulsebox-zmq-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const options = ["--prefix", folder, "--no-audit", "--no-fund", "--fetch-retries=0"];
  try {
    // Not `outputSync`, which ignores its signal: without a network, npm tries for many minutes.
    const { success } = await new Deno.Command(`${node.slice(0, -"node".length)}npm`, {
      args: ["install", ...options, ...packages],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(INSTALL_MS_MAX),
    }).output();
    return success ? folder : undefined;
  } catch {
    // There is no npm beside Node.js.
    return undefined;
  }
}
