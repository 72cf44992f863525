/**
 * What `pulsebox fleet plan` tells the administrator to do makes a broker of Debian's nats-server, which
 * runs as a user of its own.
 */

import { strict as assert } from "node:assert";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { NATS_SERVER } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";

const START_MS_MAX = 60_000;

async function sh(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-ec", command, "sh", ...args],
    stdin: "null",
  }).output();
  assert.ok(success, `${command}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

async function hasBrokerUser(): Promise<boolean> {
  const { success } = await new Deno.Command("id", {
    args: ["nats"],
    stdout: "null",
    stderr: "null",
  })
    .output();
  return success && Deno.uid() === 0;
}

if (
  requirement("the steps for a broker", NATS_SERVER) &&
  requirement("the steps for a broker", {
    name: "root, and the user nats of Debian's package",
    available: await hasBrokerUser(),
    howToGet: "apt-get install nats-server, and run it as root",
  })
) {
  Deno.test("the steps that fleet plan prints make a broker that starts as its own user", async () => {
    using directory = temporaryDirectory();
    const root = directory.path;
    // The user of the broker must get there.
    await Deno.chmod(root, 0o711);
    const planned = await runProcess(
      ["fleet", "plan", "--brokers=pi1", "--hosts=foyer", `--out=${root}/fleet`],
    );
    assert.equal(planned.status, 0, planned.stderr);
    const steps = planned.stdout.split("\n").map((line) => line.trim())
      .filter((line) => /^sudo install .*nats/.test(line))
      .map((line) =>
        line.replace("sudo ", "").replaceAll("BROKER", "pi1").replaceAll(/ \/(?=\w)/g, ` ${root}/`)
      );
    assert.equal(steps.length, 2, planned.stdout);
    await Deno.mkdir(`${root}/etc`);
    await Deno.mkdir(`${root}/var/lib`, { recursive: true });
    for (const step of steps) await sh(`cd "$1"; ${step}`, `${root}/fleet`);
    const path = `${root}/etc/nats-server.conf`;
    // The same file on a port and in a folder of the test.
    const text = Deno.readTextFileSync(path).replace("0.0.0.0:4222", "127.0.0.1:-1")
      .replace("/var/lib/nats", `${root}/var/lib/nats`);
    Deno.writeTextFileSync(path, text);
    assert.equal(await sh('stat -c "%a %U %G" "$1"', path), "600 nats nats\n");

    await using broker = new Deno.Command("setpriv", {
      args: ["--reuid=nats", "--regid=nats", "--clear-groups", "nats-server", "-c", path],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal: AbortSignal.timeout(START_MS_MAX),
    }).spawn();
    let said = "";
    for await (const piece of broker.stderr.pipeThrough(new TextDecoderStream())) {
      said += piece;
      if (said.includes("Server is ready")) break;
    }
    assert.match(said, /Server is ready/);
    assert.match(said, /Store Directory: +"[^"]*\/var\/lib\/nats\/pulsebox/);
    broker.kill("SIGKILL");
  });
}
