/**
 * Settings that others could use: who sees them, and who does not.
 */

import { strict as assert } from "node:assert";
import { environmentName, fileKey } from "../../src/appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../src/appliance/settings/options.ts";
import { PLACES } from "../../src/cli/commands/install/plan.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasPythonModule, PYTHON } from "../support/python.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";
import { runHere } from "./fake_terminal.ts";
import { PulseboxHost, PulseboxProcess, runProcess } from "./pulsebox_process.ts";

const SECRET = "s3cret-0123456789";
/** A value that is good for any of them. */
const VALUE = `https://127.0.0.1:9/${SECRET}`;
const SECRETS = OPTION_KEYS.map(optionOf).filter(({ secret }) => secret === true);
/** Values that are good for none. */
const BAD = [`ftp://${SECRET}`, `${SECRET}\0${"x".repeat(5_000)}`];

Deno.test("the table says which settings others could use", () => {
  assert.ok(SECRETS.length >= 2);
});

for (const option of SECRETS) {
  const flag = `--${option.flag}`;

  Deno.test(`pulsebox config hides ${flag} unless it is asked for it`, async () => {
    for (const form of [[], ["--json"]]) {
      const hidden = await runProcess(["config", `${flag}=${VALUE}`, ...form]);
      assert.equal(hidden.status, 0);
      assert.doesNotMatch(hidden.stdout + hidden.stderr, /s3cret/);
      const shown = await runProcess(["config", `${flag}=${VALUE}`, "--show-secrets", ...form]);
      assert.match(shown.stdout, /s3cret/);
    }
    const { stdout } = await runProcess(["config", `${flag}=${VALUE}`, "--json"]);
    const { settings } = JSON.parse(stdout);
    assert.equal(settings[fileKey(option)].hidden, true);
    const { stdout: unset } = await runProcess(["config", "--json"]);
    assert.equal(JSON.parse(unset).settings[fileKey(option)].hidden, false);
  });

  Deno.test(`no complaint about ${flag} repeats its value`, async () => {
    using directory = temporaryDirectory();
    const config = `${directory.path}/config`;
    let complaints = 0;
    for (const value of BAD) {
      const json = JSON.stringify({ [fileKey(option)]: option.many ? [value] : value });
      const broken = [json, `{"x": ${value.replaceAll("\0", "")}}`, `${json},`];
      for (const [index, text] of broken.entries()) {
        await Deno.writeTextFile(config, text);
        const { stdout, stderr, status } = await runProcess(["config", `--config=${config}`]);
        assert.doesNotMatch(stdout + stderr, /s3cret/, text.slice(0, 80));
        if (status === 0) continue;
        complaints++;
        if (index === 1) assert.match(stderr, /not JSON, .* near line 1/);
      }
    }
    assert.ok(complaints >= 4);
    const env = { [environmentName(option)]: BAD[0] ?? "" };
    const { stdout, stderr } = await runProcess(["config"], env);
    assert.doesNotMatch(stdout + stderr, /s3cret/);
    const root = `--root=${directory.path}`;
    const control = `${flag}=${VALUE}\u0007`;
    const installed = await runHere(["install", "--heartbeat", root, "--program=/bin/sh", control]);
    assert.doesNotMatch(installed.stderr, /s3cret/);
  });

  Deno.test(`a start says that others can read ${flag} in the list of processes`, async () => {
    await using host = await PulseboxHost.start([`${flag}=${VALUE}`]);
    const told = new RegExp(`can read ${flag} in the list of processes; --webhook-file`);
    await host.process.stderrHas(told);
    const env = { [environmentName(option)]: VALUE };
    const args = ["--heartbeat", "--heartbeat-port=0", "--no-console"];
    await using quiet = new PulseboxProcess(args, env);
    await quiet.stderrHas(/role=heartbeat/);
    quiet.signal("SIGTERM");
    assert.doesNotMatch((await quiet.finished()).stderr, /list of processes/);
  });
}

Deno.test("a start says that others can read secrets in the configuration file", async () => {
  using directory = temporaryDirectory();
  const config = `${directory.path}/config.json`;
  const settings = Object.fromEntries(SECRETS.map((option) => [
    fileKey(option),
    option.many ? [VALUE] : VALUE,
  ]));
  await Deno.writeTextFile(config, JSON.stringify(settings));
  const flags = SECRETS.map(({ flag }) => `--${flag}`).join(", ");
  for (const [mode, isTold] of [[0o644, true], [0o600, false]] as const) {
    await Deno.chmod(config, mode);
    await using host = await PulseboxHost.start([`--config=${config}`]);
    host.process.signal("SIGTERM");
    const { stderr } = await host.process.finished();
    assert.equal(stderr.includes(`can read ${flags} in ${config}`), isTold, stderr);
    assert.doesNotMatch(stderr, /s3cret/);
  }
});

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
/**
 * Reads whatever it can of some files, again and again, until it is told to end, and says what it saw.
 * A file that it could open once stays open.
 */
const THIEF = `
import os, sys
paths, kept, seen = sys.argv[2:], {}, set()
print("ready", flush=True)
while True:
    for path in paths:
        try:
            file = open(path, "rb")
            if kept.setdefault((path, os.fstat(file.fileno()).st_ino), file) is not file: file.close()
        except OSError: pass
    for (path, _), file in kept.items():
        file.seek(0)
        if b"s3cret" in file.read(): seen.add(path)
    try:
        with open(sys.argv[1]): break
    except OSError: pass
print("saw", *sorted(seen), flush=True)
`;

if (
  requirement("secrets beside another user", {
    name: "root, setpriv and python3",
    available: Deno.uid() === 0 && isInstalled("setpriv") && hasPythonModule("sys"),
    howToGet: "sudo, and apt-get install util-linux python3",
  })
) {
  Deno.test("no other user reads a secret of install, not for a moment, whatever was there before", async () => {
    using directory = temporaryDirectory();
    await Deno.chmod(directory.path, 0o755);
    const root = directory.path;
    const path = root + PLACES.environment;
    const paths = [path, `${path}.new`, `${path}.old`];
    const end = `${root}/end`;
    await using thief = new PulseboxProcess([end, ...paths], {}, [
      ...NOBODY,
      PYTHON,
      "-c",
      THIEF,
    ]);
    await thief.stdoutHas(/ready/);
    // Long, so that writing it takes a while.
    const stations = Array.from(
      { length: 4_000 },
      (_, index) => `10.0.${index >> 8}.${index & 255}=x`,
    );
    for (let round = 0; round < 20; round++) {
      // As an earlier version, or a power cut within it, has left them.
      for (const name of round % 2 === 0 ? [] : [`${path}.new`]) {
        await Deno.writeTextFile(name, "", { mode: 0o644 });
        await Deno.chmod(name, 0o644);
      }
      const { status, stderr } = await runHere([
        "install",
        "--heartbeat",
        `--webhook=${VALUE}/${round}`,
        `--on-lost=echo ${SECRET} ${round}`,
        ...stations.map((station) => `--heartbeat-stations=${station}`),
        `--root=${root}`,
        "--program=/bin/sh",
      ]);
      assert.equal(status, 0, stderr);
    }
    await Deno.writeTextFile(end, "");
    await thief.stdoutHas(/saw\n/);
    for (const name of [path, `${path}.old`]) {
      assert.match(await Deno.readTextFile(name), /s3cret/, "there was something to see");
    }
  });

  Deno.test("no other user sees a webhook of a file or of the environment in a running host", async () => {
    using directory = temporaryDirectory();
    await Deno.chmod(directory.path, 0o755);
    const file = `${directory.path}/webhooks`;
    await Deno.writeTextFile(file, `${VALUE}\n`, { mode: 0o600 });
    const args = ["--heartbeat", "--heartbeat-port=0", "--no-console"];
    const data = `--data=${directory.path}/data`;
    const env = { PULSEBOX_WEBHOOK: VALUE, PULSEBOX_ON_LOST: `echo ${SECRET}` };
    await using host = new PulseboxProcess([...args, `--webhook-file=${file}`, data], env);
    const [, url] = await host.stderrHas(/Listening on (\S+) role=heartbeat/);
    await (await fetch(`${url}/hb_ping?1000&appid=${SECRET}`)).text();
    const stolen = async (words: readonly string[]) => {
      const theft = `cat ${words.join(" ")} 2>/dev/null; find ${directory.path}/data -type f`;
      const { stdout } = await new Deno.Command("setpriv", {
        args: [...NOBODY.slice(1), "sh", "-c", theft],
        stderr: "null",
      }).output();
      return new TextDecoder().decode(stdout);
    };
    const proc = `/proc/${host.pid}`;
    const seen = await stolen([`${proc}/cmdline`, `${proc}/environ`, `${proc}/maps`, file]);
    assert.match(seen, /--webhook-file/, "it sees the command line");
    assert.doesNotMatch(seen, /s3cret|pulsebox\.db/);
    // The guidance is not for nothing.
    await using open = new PulseboxProcess([...args, `--webhook=${VALUE}`]);
    await open.stderrHas(/role=heartbeat/);
    assert.match(await stolen([`/proc/${open.pid}/cmdline`]), /s3cret/);
  });
}
