import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/version.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { canBuild } from "../support/registry.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD_MS_MAX = 180_000;

/** An empty system whose service manager notes what it is told. */
const FAKE_SYSTEM = `set -e
mkdir -p "$1/run/systemd/system" "$1/fake" "$1/var/lib/dpkg/updates" "$1/var/lib/dpkg/info"
: > "$1/var/lib/dpkg/status" > "$1/var/lib/dpkg/available" > "$1/calls"
printf '#!/bin/sh\\necho "$*" >> %s/calls\\n' "$1" | tee "$1/fake/systemctl" > "$1/fake/deb-systemd-invoke"
chmod +x "$1"/fake/*`;

async function said(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(BUILD_MS_MAX),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success, text + new TextDecoder().decode(stderr));
  return text.trim();
}

if (
  requirement("the Debian package", {
    name: "dpkg-deb, lintian and an x86-64 machine",
    available: isInstalled("dpkg-deb") && isInstalled("lintian") && Deno.build.arch === "x86_64",
    howToGet: "apt-get install dpkg lintian",
  }) && await canBuild("the Debian package")
) {
  Deno.test("The Debian package is well formed, holds what it promises, and runs", async (t) => {
    using directory = temporaryDirectory();
    const root = `${directory.path}/root`;
    const built = await said(Deno.execPath(), "task", "-q", "deb", `--output=${directory.path}`);
    assert.equal(built, `${directory.path}/pulsebox_${VERSION}_amd64.deb`);

    await t.step("lintian finds neither error nor warning", async () => {
      const findings = await said("lintian", "--allow-root", "--fail-on=error,warning", built);
      assert.equal(findings, "");
    });

    await said("dpkg-deb", "--extract", built, root);
    await said("dpkg-deb", "--control", built, `${directory.path}/control`);
    await t.step("the settings belong to the administrator", async () => {
      const conffiles = await Deno.readTextFile(`${directory.path}/control/conffiles`);
      assert.equal(conffiles, "/etc/default/pulsebox\n");
      const settings = await Deno.readTextFile(`${root}/etc/default/pulsebox`);
      const { mode } = await Deno.stat(`${root}/etc/default/pulsebox`);
      assert.equal((mode ?? 0) & 0o777, 0o600, "the operator may write a secret into it");
      assert.match(settings, /^PULSEBOX_HEARTBEAT=true$/m);
      assert.match(settings, /^#PULSEBOX_FLEET=URL$/m);
      const secrets = await Deno.stat(`${root}/etc/pulsebox`);
      assert.equal((secrets.mode ?? 0) & 0o777, 0o700, "where the fleet's key goes");
      const unit = await Deno.readTextFile(`${root}/usr/lib/systemd/system/pulsebox.service`);
      assert.match(unit, /^EnvironmentFile=\/etc\/default\/pulsebox$/m);
      assert.match(unit, /^ExecStart=\/usr\/bin\/pulsebox$/m);
    });

    await t.step(
      "dpkg says what to do next, keeps a running service running, and stops it at the end",
      async () => {
        const system = `${directory.path}/system`;
        // Its scripts do what they do on a machine of systemd; what they would call is noted.
        await said("sh", "-c", FAKE_SYSTEM, "sh", system);
        const dpkg = async (...args: string[]) => {
          const force = ["--force-not-root", "--force-script-chrootless", "--force-depends"];
          const path = `PATH=${system}/fake:${Deno.env.get("PATH")}`;
          const output = await said("env", path, "dpkg", `--root=${system}`, ...force, ...args);
          const calls = await Deno.readTextFile(`${system}/calls`);
          await Deno.writeTextFile(`${system}/calls`, "");
          return { output, calls: calls.split("\n").slice(0, -1) };
        };
        const first = await dpkg("--install", built);
        assert.match(
          first.output,
          /\nNext: choose the roles in \/etc\/default\/pulsebox, then: sudo /,
        );
        assert.deepEqual(first.calls, ["daemon-reload", "try-restart pulsebox.service"]);
        const again = await dpkg("--install", built);
        assert.doesNotMatch(again.output, /Next:/);
        assert.ok(again.calls.includes("try-restart pulsebox.service"));
        const removed = await dpkg("--remove", "pulsebox");
        assert.deepEqual(removed.calls, ["stop pulsebox.service", "daemon-reload"]);
      },
    );

    await t.step("every file is as it was packed", async () => {
      const check = 'cd "$1" && md5sum --quiet --check "$2"';
      await said("sh", "-c", check, "sh", root, `${directory.path}/control/md5sums`);
    });

    await t.step("completions for three shells and the manual page are there", async () => {
      for (
        const path of [
          "bash-completion/completions/pulsebox",
          "zsh/vendor-completions/_pulsebox",
          "fish/vendor_completions.d/pulsebox.fish",
          "man/man1/pulsebox.1.gz",
        ]
      ) {
        assert.ok((await Deno.stat(`${root}/usr/share/${path}`)).size > 1_000, path);
      }
    });

    await t.step("the program runs from where it was unpacked", async () => {
      const launcher = `${root}/usr/bin/pulsebox`;
      const text = await Deno.readTextFile(launcher);
      await Deno.writeTextFile(
        launcher,
        text.replaceAll("/usr/lib/pulsebox", `${root}/usr/lib/pulsebox`),
      );
      const env = { XDG_CACHE_HOME: `${directory.path}/cache` };
      const { status, stdout, stderr } = await runProcess(["version", "--json"], env, [launcher]);
      assert.equal(status, 0, stderr);
      assert.deepEqual([JSON.parse(stdout).pulsebox, JSON.parse(stdout).form], [
        VERSION,
        "package",
      ]);
      const asked = ["install", "--heartbeat", "--token-file=/etc/hostname"];
      for (const args of [asked, [...asked, "--dry-run"]]) {
        const { status, stdout, stderr } = await runProcess(args, env, [launcher]);
        assert.deepEqual([status, stdout], [2, ""]);
        assert.match(stderr, /^pulsebox: The Debian package has brought the service already\.\n/);
        assert.match(stderr, /\n {2}PULSEBOX_HEARTBEAT=true\n/);
        assert.match(stderr, /\n {2}LoadCredential=pulsebox_token_file:\/etc\/hostname\n/);
      }
    });
  });
}
