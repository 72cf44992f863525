import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/version.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD_MS_MAX = 180_000;

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
  })
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
      assert.match(settings, /^PULSEBOX_HEARTBEAT=true$/m);
      const unit = await Deno.readTextFile(`${root}/usr/lib/systemd/system/pulsebox.service`);
      assert.match(unit, /^EnvironmentFile=\/etc\/default\/pulsebox$/m);
      assert.match(unit, /^ExecStart=\/usr\/bin\/pulsebox$/m);
    });

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
      assert.equal(JSON.parse(stdout).pulsebox, VERSION);
    });
  });
}
