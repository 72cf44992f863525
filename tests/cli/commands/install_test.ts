import { strict as assert } from "node:assert";
import {
  reservedPortsFile,
  withoutOurs,
} from "../../../src/cli/commands/install/reserved_ports.ts";
import { formatPortRanges, parsePortRanges } from "../../../src/core/port_ranges.ts";
import { MARK, PLACES } from "../../../src/cli/commands/install/plan.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { requirement } from "../../support/require.ts";
import { isInstalled } from "../../support/tool.ts";
import { runHere } from "../fake_terminal.ts";

/** `systemd-analyze security` counts in tenths. */
const EXPOSURE_TENTHS_MAX = 25;

/** Hosts whose units differ. */
const HOSTS: readonly (readonly string[])[] = [
  ["--heartbeat"],
  ["--heartbeat", "--heartbeat-port=80"],
  ["--trigger"],
  ["--hev", "--hev-source=dump"],
  ["--hev", "--hev-source=serial:auto"],
  ["--hev", "--hev-source=serial:/dev/ttyAMA0"],
  ["--state", "--state-calibration=/srv/calibration"],
  ["--all", "--data=/srv/pulsebox"],
  ["--heartbeat", "--token-file=/etc/pulsebox/tokens", "--tls-cert=/etc/c", "--tls-key=/etc/k"],
  ["--heartbeat", "--fleet=tls://pi1:4222", "--fleet-key=/etc/pulsebox/f.nk", "--fleet-ca=/etc/c"],
  ["--fleet=nats://pi1:4222", "--fleet-key=/etc/pulsebox/f.nk", "--fleet-view"],
];

async function install(root: string, ...args: string[]) {
  return await runHere(["install", ...args, "--root", root, "--program", "/bin/sh"]);
}

Deno.test("pulsebox install writes the unit, the settings that were given, and the program", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  const { status, stdout, stderr } = await install(
    root,
    "--heartbeat",
    "--heartbeat-stations=10.0.0.7=Room 1",
    "--log-level=warning",
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Installed:\n/);
  const unit = await Deno.readTextFile(root + PLACES.unit);
  assert.match(unit, /^ExecStart=\/usr\/local\/bin\/pulsebox$/m);
  assert.match(unit, /^PrivateDevices=yes$/m);
  assert.doesNotMatch(unit, /^(DeviceAllow|MemoryDenyWriteExecute)/m);
  const variables = (await Deno.readTextFile(root + PLACES.environment)).split("\n")
    .filter((line) => !line.startsWith("#") && line !== "");
  assert.deepEqual(variables, [
    "PULSEBOX_HEARTBEAT=true",
    'PULSEBOX_HEARTBEAT_STATIONS="10.0.0.7=Room 1"',
    "PULSEBOX_DATA=/var/lib/pulsebox",
    "PULSEBOX_LOG_LEVEL=warning",
  ]);
  assert.equal(((await Deno.stat(root + PLACES.program)).mode ?? 0) & 0o777, 0o755);
});

Deno.test("pulsebox install hands the service what only root reads", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  const { status, stderr } = await install(
    root,
    "--heartbeat",
    "--token-file=/etc/pulsebox/tokens",
  );
  assert.equal(status, 0, stderr);
  const unit = await Deno.readTextFile(root + PLACES.unit);
  assert.match(
    unit,
    /^LoadCredential=pulsebox_token_file:\/etc\/pulsebox\/tokens\nEnvironment=PULSEBOX_TOKEN_FILE=%d\/pulsebox_token_file$/m,
  );
  // The variable of the environment file would win.
  assert.doesNotMatch(await Deno.readTextFile(root + PLACES.environment), /TOKEN_FILE/);
});

Deno.test("pulsebox install lets a serial host open its port and names it", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  assert.equal((await install(root, "--hev")).status, 0);
  const unit = await Deno.readTextFile(root + PLACES.unit);
  assert.match(
    unit,
    /^DevicePolicy=closed\nDeviceAllow=char-ttyACM rw\nDeviceAllow=char-ttyUSB rw$/m,
  );
  assert.match(unit, /^SupplementaryGroups=dialout$/m);
  assert.match(await Deno.readTextFile(root + PLACES.rules), /SYMLINK\+="pulsebox-hev"/);
});

Deno.test("pulsebox install reserves the ports that outgoing connections could get", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  assert.equal((await install(root, "--hev", "--hev-query-port=40000")).status, 0);
  const file = await Deno.readTextFile(root + PLACES.ports);
  assert.match(file, /^net\.ipv4\.ip_local_reserved_ports=40000,54320,54322$/m);
  assert.equal((await install(root, "--heartbeat")).status, 0);
  // None of its ports lies in the range: the file of before would say so wrongly.
  await assert.rejects(Deno.stat(root + PLACES.ports), Deno.errors.NotFound);
});

Deno.test("reserved ports of others are kept, and ours are taken back", () => {
  const outgoing = parsePortRanges("32768 60999");
  const reserved = parsePortRanges("8080,54322");
  const facts = { outgoing, reserved, former: undefined };
  const file = reservedPortsFile([8888, 54320, 54321, 54322], facts) ?? "";
  assert.match(file, /^net\.ipv4\.ip_local_reserved_ports=8080,54320-54322$/m);
  const now = parsePortRanges("8080,9000,54320-54322");
  assert.equal(formatPortRanges(withoutOurs(now, file)), "8080,9000,54322");
  const again = reservedPortsFile([50_000], { outgoing, reserved: now, former: file }) ?? "";
  assert.match(again, /^net\.ipv4\.ip_local_reserved_ports=8080,9000,50000,54322$/m);
});

Deno.test("pulsebox install keeps what an operator has changed, and leaves foreign files alone", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  await install(root, "--heartbeat");
  const path = root + PLACES.environment;
  const changed = `${await Deno.readTextFile(path)}PULSEBOX_LOG_LEVEL=debug\n`;
  await Deno.writeTextFile(path, changed);
  assert.equal((await install(root, "--trigger")).status, 0);
  assert.equal(await Deno.readTextFile(`${path}.old`), changed);
  assert.match(await Deno.readTextFile(path), /^PULSEBOX_TRIGGER=true$/m);

  await Deno.writeTextFile(path, "THEIRS=1\n");
  const { status, stderr } = await install(root, "--heartbeat");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^pulsebox: Cannot write ".*\/etc\/default\/pulsebox": it was not written by pulsebox install/,
  );
  assert.equal(await Deno.readTextFile(path), "THEIRS=1\n");
});

Deno.test("pulsebox install keeps what others could use from them", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  const path = root + PLACES.environment;
  const modeOf = async (name: string) => ((await Deno.stat(name)).mode ?? 0) & 0o777;
  assert.equal((await install(root, "--heartbeat", "--webhook=https://h/s3cret")).status, 0);
  assert.equal(await modeOf(path), 0o600);
  assert.equal((await install(root, "--heartbeat")).status, 0);
  assert.equal(await modeOf(path), 0o600, "the operator may add one");
  // The former file is kept, and still holds it.
  assert.match(await Deno.readTextFile(`${path}.old`), /s3cret/);
  assert.equal(await modeOf(`${path}.old`), 0o600);
  // What an earlier version has left open is closed, also where nothing else is to be changed.
  for (const name of [path, `${path}.old`]) await Deno.chmod(name, 0o644);
  assert.equal((await install(root, "--heartbeat")).status, 0);
  for (const name of [path, `${path}.old`]) assert.equal(await modeOf(name), 0o600);
});

Deno.test("pulsebox install writes whole paths: a service starts in another folder", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  const { status, stderr } = await install(root, "--heartbeat", "--data=kept", "--token-file=t");
  assert.equal(status, 0, stderr);
  assert.ok((await Deno.readTextFile(root + PLACES.environment)).includes(`${Deno.cwd()}/kept\n`));
  assert.ok((await Deno.readTextFile(root + PLACES.unit)).includes(`:${Deno.cwd()}/t\n`));
  const files = { "p.json": '{"data":"kept"}' };
  const args = [
    "install",
    "--heartbeat",
    "--config=p.json",
    "--root",
    root,
    "--program",
    "/bin/sh",
  ];
  const inFile = await runHere(args, { files });
  assert.equal(inFile.status, 1);
  assert.match(inFile.stderr, /data in "p.json" is "kept": a service needs a path from \/ on\n$/);
});

Deno.test("pulsebox install --dry-run writes nothing but what it would write", async () => {
  using directory = temporaryDirectory();
  const { status, stdout } = await install(directory.path, "--heartbeat", "--dry-run");
  assert.equal(status, 0);
  assert.ok(stdout.includes(`==> ${directory.path}${PLACES.unit} <==\n${MARK}\n[Unit]\n`));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(directory.path)), []);
});

Deno.test("pulsebox install --dry-run refuses what the installation would refuse", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  await Deno.mkdir(`${root}/etc/default`, { recursive: true });
  await Deno.writeTextFile(root + PLACES.environment, "THEIRS=1\n");
  const refused = await install(root, "--heartbeat");
  const dry = await install(root, "--heartbeat", "--dry-run");
  assert.deepEqual([dry.status, dry.stderr], [refused.status, refused.stderr]);
  const args = ["install", "--heartbeat", "--root", `${root}/other`];
  const [noProgram, dryToo] = [await runHere(args), await runHere([...args, "--dry-run"])];
  assert.deepEqual([dryToo.status, dryToo.stderr], [noProgram.status, noProgram.stderr]);
  assert.match(dryToo.stdout, /PULSEBOX_HEARTBEAT=true/);
});

Deno.test("pulsebox install explains what is missing", async () => {
  const none = await runHere(["install", "--dry-run"]);
  assert.equal(none.status, 2);
  assert.match(none.stderr, /^pulsebox: No role is turned on: give --heartbeat/);
  const source = await runHere(["install", "--heartbeat", "--root", "/nowhere"]);
  assert.equal(source.status, 2);
  assert.match(source.stderr, /name one with --program\n$/);
});

Deno.test("pulsebox uninstall leaves the service of the Debian package to apt, and says so", async () => {
  using directory = temporaryDirectory();
  const unit = `${directory.path}/usr/lib/systemd/system/pulsebox.service`;
  await Deno.mkdir(unit.slice(0, unit.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(unit, "[Service]\n");
  const { status, stderr } = await runHere(["uninstall", "--root", directory.path]);
  assert.equal(status, 1);
  assert.match(stderr, /The Debian package has brought the service: sudo apt remove pulsebox /);
  await Deno.stat(unit);
});

Deno.test("pulsebox uninstall removes what install has written, and nothing else", async () => {
  using directory = temporaryDirectory();
  const root = directory.path;
  const nothing = await runHere(["uninstall", "--root", root]);
  assert.match(nothing.stdout, /^Nothing is installed: /);
  await install(root, "--hev");
  await Deno.writeTextFile(root + PLACES.environment, "THEIRS=1\n");
  // As systemd makes them for a dynamic user.
  await Deno.mkdir(`${root}/var/cache/private/pulsebox/unpacked/copy`, { recursive: true });
  await Deno.symlink("private/pulsebox", `${root}/var/cache/pulsebox`);
  await Deno.mkdir(`${root}/var/cache/apt`);
  const dry = await runHere(["uninstall", "--root", root, "--dry-run"]);
  assert.equal(dry.stdout.split("\n").filter((line) => line.startsWith("would remove")).length, 6);
  const { status, stdout } = await runHere(["uninstall", "--root", root]);
  assert.equal(status, 0);
  assert.match(stdout, /What was kept is still in/);
  for (const path of [PLACES.unit, PLACES.rules, PLACES.ports, PLACES.program]) {
    await assert.rejects(Deno.stat(root + path), Deno.errors.NotFound);
  }
  const caches = await Array.fromAsync(Deno.readDir(`${root}/var/cache`));
  assert.deepEqual(caches.map(({ name }) => name).sort(), ["apt", "private"]);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${root}/var/cache/private`)), []);
  assert.equal(await Deno.readTextFile(root + PLACES.environment), "THEIRS=1\n");
});

if (
  requirement("the exposure of the unit", {
    name: "systemd-analyze",
    available: isInstalled("systemd-analyze"),
    howToGet: "apt-get install systemd",
  })
) {
  for (const args of HOSTS) {
    Deno.test(`the unit of ${args.join(" ")} is little exposed`, async () => {
      using directory = temporaryDirectory();
      assert.equal((await install(directory.path, ...args)).status, 0);
      const { success, stdout, stderr } = await new Deno.Command("systemd-analyze", {
        args: [
          "security",
          "--offline=true",
          `--threshold=${EXPOSURE_TENTHS_MAX}`,
          directory.path + PLACES.unit,
        ],
        stdin: "null",
      }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.ok(success, said.slice(-200));
      assert.doesNotMatch(said, /Unknown|Failed to parse|ignoring/i);
    });
  }
}
