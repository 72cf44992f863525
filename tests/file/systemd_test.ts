/**
 * The installed service under a systemd of its own, in a container that sees this machine's files and changes
 * none: it gets ready, pings the watchdog, is confined, and comes back when it hangs.
 */

import { strict as assert } from "node:assert";
import { PLACES } from "../../src/cli/commands/install/plan.ts";
import { runHere } from "../cli/fake_terminal.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { runContained } from "../support/contained.ts";
import { eventually } from "../support/eventually.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { portableFile } from "./executable.ts";

const CONTAINER_MS_MAX = 240_000;
/** What systemd's syntaxes would take for something else. */
const DATA = '/srv/50% of "it"';
const TOKENS = "/etc/tokens 50%";
/** So that a hanging service is noticed soon. */
const WATCHDOG_SECONDS = 4;

/** The container has no network to wait for. */
const NETWORK_UNITS = [
  "NetworkManager-wait-online.service",
  "systemd-networkd-wait-online.service",
  "systemd-networkd.service",
];

/** Ends the container in any case. */
const TARGET = `[Unit]
Requires=basic.target
Wants=pulsebox.service observer.service
After=basic.target
AllowIsolate=yes
`;
const OBSERVER = `[Unit]
After=pulsebox.service
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
TimeoutStartSec=${CONTAINER_MS_MAX / 1_000 - 20}
StandardOutput=file:/observed
StandardError=file:/observed
ExecStart=/bin/sh /observe
`;
/** A unit is started after \`pulsebox.service\` when that has said that it is ready, or has failed. */
const OBSERVE = `
of() { systemctl show -P "$1" pulsebox; }
until_not() { while [ "$(of "$1")" = "$2" ]; do sleep 0.2; done; }
echo "at first: $(of ActiveState) $(of SubState) restarts=$(of NRestarts)"
pid=$(of MainPID)
echo "user: $(stat -c %u /proc/$pid | sed 's/^6[1-5][0-9]*$/dynamic/')"
grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/$pid/status | tr -d '\\t'
echo "data:" $(ls '${DATA}')
until_not WatchdogTimestampMonotonic "$(of WatchdogTimestampMonotonic)"
echo "pinged: $(of ActiveState) restarts=$(of NRestarts)"
kill -STOP $pid
until_not NRestarts 0
until_not ActiveState activating
echo "after it hung: $(of ActiveState) restarts=$(of NRestarts) $([ $(of MainPID) != $pid ] && echo anew)"
systemctl stop pulsebox
echo "stopped: $(of ActiveState) $(of Result)"
`;
/** A root that shows this machine's files; what is written goes into memory, and with the namespace. */
const BOOT = `set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
[ -n "$2" ] || exit 0
cp -a "$2/." "$1/root/"
rm -f "$1/root/etc/machine-id"
systemd-nspawn --quiet --directory="$1/root" --register=no --keep-unit --private-network --console=pipe \\
  --link-journal=no --boot systemd.unit=test.target >"$3" 2>&1 </dev/null || :
cat "$1/root/observed"`;

/** A test that has a container, and is cut off. */
const CUT_OFF = `
import { runContained } from "${new URL("../support/contained.ts", import.meta.url)}";
const script = "sleep 600 & echo >$1; wait";
await runContained(["sh", "-c", script, "sh", Deno.args[0] ?? ""], 600_000);
`;

if (
  requirement("containers that end with their test", {
    name: "root",
    available: Deno.uid() === 0,
    howToGet: "sudo",
  })
) {
  Deno.test("no process of a container outlives a test that is killed", async () => {
    using directory = temporaryDirectory();
    const [program, mark] = [`${directory.path}/test.ts`, `${directory.path}/started`];
    await Deno.writeTextFile(program, CUT_OFF);
    const args = ["run", "--quiet", "--no-check", "--allow-all", program, mark];
    const child = new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn();
    await eventually("the container", () => Deno.stat(mark).then(() => true, () => false));
    assert.ok(await isNamed(mark), "it runs");
    child.kill("SIGKILL");
    await child.status;
    await eventually("the container's end", async () => !await isNamed(mark));
  });
}

/** Whether a running process has a word in its command line. */
async function isNamed(word: string): Promise<boolean> {
  for await (const { name } of Deno.readDir("/proc")) {
    const path = `/proc/${name}/cmdline`;
    const text = /^\d+$/.test(name) ? await Deno.readTextFile(path).catch(() => "") : "";
    if (text.split("\0").includes(word)) return true;
  }
  return false;
}

if (
  requirement("the service under systemd", {
    name: "root, systemd-nspawn and overlay file systems",
    available: Deno.uid() === 0 && isInstalled("systemd-nspawn") && canOverlay(),
    howToGet: "sudo, and apt-get install systemd-container",
  }) && await canBuild("the service under systemd")
) {
  Deno.test("the installed service gets ready, pings the watchdog, is confined and comes back", async () => {
    using directory = temporaryDirectory();
    const tree = `${directory.path}/tree`;
    await Deno.mkdir(tree);
    const { status, stderr } = await runHere([
      ...["install", "--heartbeat", "--heartbeat-port=80", `--data=${DATA}`],
      ...[`--token-file=${TOKENS}`, `--root=${tree}`, "--program", await portableFile("x86_64")],
    ]);
    assert.equal(status, 0, stderr);
    const units = PLACES.unit.slice(0, PLACES.unit.lastIndexOf("/"));
    const files: Record<string, string> = {
      [`${units}/test.target`]: TARGET,
      [`${units}/observer.service`]: OBSERVER,
      [`${PLACES.unit}.d/soon.conf`]: `[Service]\nWatchdogSec=${WATCHDOG_SECONDS}\n`,
      "/observe": OBSERVE,
      [TOKENS]: `write ${"x".repeat(32)}\n`,
      [`${DATA}/.keep`]: "",
    };
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir((tree + path).replace(/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(tree + path, text);
    }
    for (const name of NETWORK_UNITS) await Deno.symlink("/dev/null", `${tree}${units}/${name}`);
    await Deno.chmod(tree + TOKENS, 0o600);
    await Deno.chmod(tree + DATA, 0o1777);
    const console = `${directory.path}/console`;
    const observed = await booted(directory.path, tree, console);
    const said = await Deno.readTextFile(console);

    assert.deepEqual(observed.split("\n"), [
      "at first: active running restarts=0",
      "user: dynamic",
      // CAP_NET_BIND_SERVICE, for port 80.
      "CapEff:0000000000000400",
      "CapBnd:0000000000000400",
      "NoNewPrivs:1",
      "Seccomp:2",
      "data: pulsebox.db pulsebox.db-wal",
      "pinged: active restarts=0",
      "after it hung: active restarts=1 anew",
      "stopped: inactive success",
      "",
    ], said);
  });
}

/** What the observer in the container saw. */
async function booted(folder: string, tree: string, console: string): Promise<string> {
  const mount = `${folder}/mount`;
  await Deno.mkdir(mount);
  const words = ["sh", "-c", BOOT, "sh", mount, tree, console];
  return (await runContained(words, CONTAINER_MS_MAX)).text;
}

function canOverlay(): boolean {
  const mount = Deno.makeTempDirSync();
  try {
    return new Deno.Command("unshare", {
      args: ["--mount", "sh", "-c", BOOT, "sh", mount, ""],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } finally {
    Deno.removeSync(mount);
  }
}
