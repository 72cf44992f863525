/**
 * A network of its own for a test: loopback with a link-local address, and a file of hosts.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** Names with an address in each family, in the order of Debian's file and the other way round. */
const HOSTS = "127.0.0.1 localhost\n::1 localhost\n::1 both\n127.0.0.1 both\n";
const SETUP = [
  "ip link set lo up",
  "ip addr add fe80::1/64 dev lo nodad",
  "ip addr add 10.0.0.7/32 dev lo",
  'mount --bind "$0" /etc/hosts',
  'exec "$@"',
].join(" && ");
const CHILD_MS_MAX = 90_000;

const UNSHARE = ["--user", "--map-root-user", "--net", "--mount", "bash", "-c"];

/** Whether this machine lets a test have one. */
export function canUnshare(): boolean {
  try {
    return new Deno.Command("unshare", {
      args: [...UNSHARE, "ip link set lo up && ip addr add fe80::1/64 dev lo nodad"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

/**
 * Runs a program of ours in such a network; its assertions fail the test.
 *
 * @param child Its file, beside the caller's.
 * @param waitMs How long it may take, in milliseconds.
 */
export async function runInNamespace(child: URL, waitMs = CHILD_MS_MAX): Promise<void> {
  const hosts = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(hosts, HOSTS);
    const run = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all"];
    const { success, stdout, stderr } = await new Deno.Command("unshare", {
      args: [...UNSHARE, SETUP, hosts, ...run, fileURLToPath(child)],
      stdin: "null",
      signal: AbortSignal.timeout(waitMs),
    }).output();
    if (success) return;
    const decoder = new TextDecoder();
    throw new Error(`It failed:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  } finally {
    await Deno.remove(hosts);
  }
}
