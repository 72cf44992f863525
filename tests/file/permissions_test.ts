import { strict as assert } from "node:assert";
import { type PermissionName, PERMISSIONS } from "../../src/appliance/permissions.ts";
import { optionOf, roleKeys } from "../../src/appliance/settings/options.ts";
import { PulseboxProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { unpackProgram } from "./unpacked.ts";

/** What is tried inside the running program; each needs the permission of its name. */
const attemptsIn = (folder: string): Readonly<Record<PermissionName, string>> => ({
  net: `Deno.listen({ hostname: "127.0.0.1", port: 0 }).close()`,
  read: `Deno.readTextFileSync("${folder}/LICENSE")`,
  write: `Deno.writeTextFileSync("${folder}/written", "")`,
  env: `Deno.env.get("PATH")`,
  sys: `Deno.osRelease()`,
  run: `new Deno.Command("true").outputSync()`,
  ffi: `Deno.dlopen("libc.so.6", {}).close()`,
});

/** Hosts, and what each keeps. */
const HOSTS: readonly {
  name: string;
  args: (folder: string) => string[];
  keeps: readonly PermissionName[];
}[] = [
  {
    name: "--heartbeat",
    args: () => ["--heartbeat", "--heartbeat-port=0"],
    keeps: ["net"],
  },
  {
    name: "--trigger",
    args: () => ["--trigger", "--trigger-host=127.0.0.1", "--trigger-port=0"],
    keeps: ["net"],
  },
  {
    name: "--hev with a recording",
    args: () => ["--hev", "--hev-source=dump", ...HEV_PORTS],
    keeps: ["net"],
  },
  {
    name: "--hev with a serial port",
    args: () => ["--hev", "--hev-source=serial:auto", ...HEV_PORTS],
    keeps: ["net", "ffi"],
  },
  {
    name: "--state",
    args: () => ["--state", "--state-host=127.0.0.1", ...STATE_PORTS],
    keeps: ["net"],
  },
  {
    name: "--state with calibration files",
    args: (folder) => [
      "--state",
      "--state-host=127.0.0.1",
      ...STATE_PORTS,
      `--state-calibration=${folder}`,
    ],
    keeps: ["net", "read"],
  },
  {
    name: "--heartbeat with a data folder",
    args: (folder) => ["--heartbeat", "--heartbeat-port=0", `--data=${folder}/data`],
    keeps: ["net", "read", "write"],
  },
  {
    name: "--heartbeat with a command for lost members",
    args: () => ["--heartbeat", "--heartbeat-port=0", "--on-lost=true"],
    keeps: ["net", "run"],
  },
  {
    name: "--heartbeat with webhooks",
    args: () => ["--heartbeat", "--heartbeat-port=0", "--webhook=http://127.0.0.1:9/"],
    keeps: ["net"],
  },
  {
    name: "--heartbeat with webhooks in a file",
    args: (folder) => ["--heartbeat", "--heartbeat-port=0", `--webhook-file=${folder}/webhooks`],
    keeps: ["net", "read"],
  },
  {
    name: "--heartbeat with tokens",
    args: (folder) => ["--heartbeat", "--heartbeat-port=0", `--token-file=${folder}/tokens`],
    keeps: ["net", "read"],
  },
  {
    name: "--all with settings in a file",
    args: (folder) => ["--all", `--config=${folder}/config`],
    keeps: ["net", "read"],
  },
];
const HEV_PORTS = ["--hev-web-port=0", "--hev-native-port=0", "--hev-query-port=0"];
const CONFIG = {
  heartbeatPort: 0,
  triggerHost: "127.0.0.1",
  triggerPort: 0,
  hevSource: "dump",
  hevWebPort: 0,
  hevNativePort: 0,
  hevQueryPort: 0,
  stateHost: "127.0.0.1",
  statePort: 0,
  statePublisherPort: 0,
  stateSubscriberPort: 0,
};
const STATE_PORTS = ["--state-port=0", "--state-publisher-port=0", "--state-subscriber-port=0"];

Deno.test("each role is among the hosts whose permissions are tried", () => {
  const tried = HOSTS.flatMap(({ args }) => args("/"));
  for (const key of roleKeys()) assert.ok(tried.includes(`--${optionOf(key).flag}`), key);
});

if (
  requirement("the permissions of the executable", {
    name: "an x86-64 machine",
    available: Deno.build.arch === "x86_64",
    howToGet: "a test run on such a machine",
  }) && await canBuild("the permissions of the executable")
) {
  Deno.test("A started host is refused what its roles do not need", async (t) => {
    using directory = temporaryDirectory();
    const program = await unpackProgram("x86_64", directory.path, ["--inspect=127.0.0.1:0"]);
    const write = (name: string, text: string) =>
      Deno.writeTextFile(`${directory.path}/${name}`, text, { mode: 0o600 });
    await write("webhooks", "http://127.0.0.1:9/\n");
    await write("tokens", "write 0123456789abcdef\n");
    await write("config", JSON.stringify(CONFIG));
    // Quiet, it would not tell where its inspector listens.
    const command = program.command.filter((word) => word !== "--quiet");
    for (const { name, args, keeps } of HOSTS) {
      await t.step(name, async () => {
        await using host = new PulseboxProcess(
          [...args(directory.path), "--console-port=0"],
          program.env,
          command,
        );
        const [, url = ""] = await host.stderrHas(/Debugger listening on (ws:\S+)/);
        // The last address is told before permissions are given back, in one turn.
        const [, consoleUrl = ""] = await host.stderrHas(/Listening on (\S+) role=console/);
        assert.equal((await within(fetch(`${consoleUrl}/`).then(statusOf), "the page")).ok, true);
        const outcomes = await within(
          attemptAll(url, attemptsIn(directory.path)),
          "answers of the program",
        );
        const kept = PERMISSIONS.filter((permission) => outcomes[permission] === "done");
        assert.deepEqual(kept, keeps);
        for (const permission of PERMISSIONS) {
          if (kept.includes(permission)) continue;
          assert.match(outcomes[permission] ?? "", /^NotCapable: Requires \S+ access/, permission);
        }
        // What is left is enough to read again what may have changed, and to load the code for it.
        await write("config", JSON.stringify({ ...CONFIG, webhook: ["http://127.0.0.1:9/"] }));
        host.signal("SIGHUP");
        await host.stderrHas(/Read tokens, certificate and secrets again/);
      });
    }
  });
}

async function statusOf(response: Response): Promise<{ ok: boolean }> {
  await response.body?.cancel();
  return { ok: response.ok };
}

/** Tries everything inside a program through its inspector. */
async function attemptAll(
  url: string,
  attempts: Readonly<Record<PermissionName, string>>,
): Promise<Partial<Record<string, string>>> {
  const source = Object.entries(attempts).map(([name, code]) =>
    `${name}: (() => { try { ${code}; return "done"; } catch (error) { return String(error); } })()`
  );
  const socket = new WebSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.onerror = () => reject(new Error("Cannot inspect the program"));
  socket.onopen = () =>
    socket.send(JSON.stringify({
      id: 1,
      method: "Runtime.evaluate",
      params: { expression: `JSON.stringify({${source.join(", ")}})` },
    }));
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data);
    if (answer.id === 1) resolve(answer.result.result.value);
  };
  try {
    return JSON.parse(await promise);
  } finally {
    const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
    socket.onclose = () => onClose();
    socket.close();
    await closed;
  }
}
