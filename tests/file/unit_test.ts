/**
 * What systemd's filter would refuse: a host under the unit that `pulsebox install` writes makes no
 * system call that the unit does not allow.
 */

import { strict as assert } from "node:assert";
import { systemdUnit } from "../../src/cli/commands/install/systemd_unit.ts";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { portableFile } from "./executable.ts";

/** Calls that may be refused, because whoever makes them goes on without. */
const DISPENSABLE: ReadonlyMap<string, string> = new Map([
  ["pkey_alloc", "V8 does without protection keys where the processor has none"],
  ["fchown", "SQLite gives its files to the owner of the database when it runs as root"],
]);
const ROLES = [
  ["--heartbeat", "--heartbeat-port=0"],
  ["--trigger", "--trigger-host=127.0.0.1", "--trigger-port=0"],
  ["--hev", "--use-dump-data", "--hev-web-port=0", "--hev-native-port=0", "--hev-query-port=0"],
  [
    "--state",
    "--state-host=127.0.0.1",
    "--state-port=0",
    "--state-publisher-port=0",
    "--state-subscriber-port=0",
  ],
];
/**
 * Calls that are made all the time. Stopping at each makes a start take half a minute on a busy
 * machine, so they are not traced: that the unit allows them is looked up.
 */
const NOT_TRACED = [
  "clock_nanosleep",
  "close",
  "epoll_wait",
  "fstat",
  "futex",
  "lseek",
  "madvise",
  "mmap",
  "mprotect",
  "munmap",
  "pread64",
  "read",
  "rt_sigprocmask",
  "write",
];
const TRACED_MS_MAX = 60_000;

if (
  requirement("the system calls of a service", {
    name: "strace, systemd-analyze and an x86-64 machine",
    available: Deno.build.arch === "x86_64" && isInstalled("strace") &&
      isInstalled("systemd-analyze"),
    howToGet: "apt-get install strace systemd",
  }) && await canBuild("the system calls of a service")
) {
  for (const args of ROLES) {
    Deno.test(`the unit allows every system call of ${args[0]}`, async () => {
      using directory = temporaryDirectory();
      const trace = `${directory.path}/trace`;
      const file = await portableFile("x86_64");
      {
        await using host = new PulseboxProcess(
          [...args, "--demo", "--console-port=0", `--data=${directory.path}/data`],
          { XDG_CACHE_HOME: `${directory.path}/cache` },
          // The program stays our child: its signals are its own.
          [
            ...["strace", "-D", "-f", "-qq", "--seccomp-bpf"],
            ...["-e", `trace=!${NOT_TRACED.join(",")}`, "-o", trace, file],
          ],
        );
        const [, url = ""] = await host.stderrHas(
          /Listening on (\S+) role=console/,
          TRACED_MS_MAX,
        );
        await (await fetch(`${url}/`)).text();
        host.signal("SIGTERM");
        await host.finished(TRACED_MS_MAX);
      }
      const allowed = await allowedCalls();
      const made = new Set(
        (await Deno.readTextFile(trace)).matchAll(/^\d+ +([a-z]\w*)\(/gm).map(([, name]) => name),
      );
      for (const name of NOT_TRACED) made.add(name);
      const refused = [...made].filter((name = "") => !allowed.has(name) && !DISPENSABLE.has(name));
      assert.ok(made.size > 40, `only ${made.size} calls were traced`);
      assert.deepEqual(refused, []);
    });
  }
}

/** The calls that the filter of the unit lets through. */
async function allowedCalls(): Promise<Set<string>> {
  const unit = systemdUnit({
    description: "",
    program: "",
    environmentFile: "",
    devices: [],
    bindsLowPort: false,
    writablePaths: [],
    credentials: new Map(),
    readsHome: false,
  });
  const filters = [...unit.matchAll(/^SystemCallFilter=(~?)(.+)$/gm)];
  assert.ok(filters.length > 0);
  const allowed = new Set<string>();
  for (const [, minus, names = ""] of filters) {
    for (const name of names.split(" ")) {
      for (const call of await expand(name)) {
        if (minus === "~") allowed.delete(call);
        else allowed.add(call);
      }
    }
  }
  return allowed;
}

async function expand(name: string): Promise<string[]> {
  if (!name.startsWith("@")) return [name];
  const { stdout } = await new Deno.Command("systemd-analyze", {
    args: ["syscall-filter", name],
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n").slice(1).map((line) => line.trim());
  const calls: string[] = [];
  for (const line of lines) {
    if (line !== "" && !line.startsWith("#")) calls.push(...await expand(line));
  }
  return calls;
}
