/**
 * Builds a Debian package: `deno task deb [--target x86_64|aarch64] [--output FOLDER]`.
 *
 * It holds the same program as the executable, unpacked, with the unit, the environment file (which
 * belongs to the administrator), the manual page and completions. Needs dpkg-deb.
 *
 * @module
 */

import { offerHelp } from "../task_help.ts";
import { gzipSync } from "node:zlib";
import { parseArgs } from "node:util";
import {
  packagedSettings,
  packagedUnit,
  SECRETS_FOLDER,
} from "../../src/cli/commands/install/packaged.ts";
import { PLACES, SECRET_MODE } from "../../src/cli/commands/install/plan.ts";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { completionScript } from "../../src/cli/commands/completions.ts";
import { SHELLS } from "../../src/cli/commands/flags.ts";
import { VERSION } from "../../src/version.ts";
import { run } from "../compile/command.ts";
import { denoBinary } from "../compile/deno_binary.ts";
import { RUNTIME_FLAGS } from "../compile/runtime_flags.ts";
import { hideImports } from "../compile/hidden_imports.ts";
import { PROGRAM_FOLDER, stageProgram } from "../compile/staging.ts";
import { type Target, TARGETS } from "../compile/target.ts";
import { MAINTAINER_SCRIPTS } from "./maintainer_scripts.ts";
import { manPage } from "./man_page.ts";

const MAINTAINER = "Pulsebox maintainers <maintainers@pulsebox.example>";
const ARCHITECTURES: Readonly<Record<string, string>> = {
  "x86_64-linux": "amd64",
  "aarch64-linux": "arm64",
};
const COMPLETIONS: Readonly<Record<typeof SHELLS[number], string>> = {
  bash: "usr/share/bash-completion/completions/pulsebox",
  zsh: "usr/share/zsh/vendor-completions/_pulsebox",
  fish: "usr/share/fish/vendor_completions.d/pulsebox.fish",
};
const DESCRIPTION = `know what is alive, and in which state it is
 Watches applications of exhibits, phones, an instrument on a serial port and
 game clients, each over the protocol that its clients already speak, and
 shows the operator on a page who is alive. Takes the place of the Hilbert
 heartbeat server, the TiX client trigger, the HEV data server and the MLF
 game server.`;
/** The program is Deno's own binary: it is built elsewhere, with what it needs inside. */
const OVERRIDES = `pulsebox: embedded-library
pulsebox: unstripped-binary-or-object
pulsebox: hardening-no-pie
pulsebox: hardening-no-relro
pulsebox: hardening-no-fortify-functions
pulsebox: no-manual-page
pulsebox: non-standard-file-perm
pulsebox: non-standard-dir-perm
`;

/** Nobody but root sees which secrets there are. */
const SECRETS_MODE = 0o700;

/** A third of the time of the best, and a tenth larger. */
const COMPRESSION = "-z3";

/** Files by path, with their permission bits. */
type Files = Map<string, { text: string | Uint8Array; mode: number }>;

/**
 * Builds the package.
 *
 * @param date Day of the release, `YYYY-MM-DD`.
 * @return Its path.
 * @throws {Error} if it cannot be built.
 */
export async function buildDeb(target: Target, output: string, date: string): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "pulsebox-deb-" });
  try {
    await Deno.chmod(root, 0o755);
    const home = `${root}/usr/lib/pulsebox`;
    await Deno.mkdir(home, { recursive: true });
    await stageProgram(home);
    await hideImports(`${home}/${PROGRAM_FOLDER}`);
    await Deno.remove(`${home}/LICENSE`);
    await Deno.copyFile(await denoBinary(target), `${home}/deno`);
    await Deno.chmod(`${home}/deno`, 0o755);
    for (const [path, { text, mode }] of await packageFiles(target, date)) {
      await writeFile(`${root}/${path}`, text, mode);
    }
    await Deno.mkdir(root + SECRETS_FOLDER);
    await writeFile(`${root}/DEBIAN/md5sums`, await sumsOf(root), 0o644);
    await run("chmod", ["-R", "u=rwX,go=rX", root]);
    // The operator may add a secret.
    await Deno.chmod(`${root}${PLACES.environment}`, SECRET_MODE);
    await Deno.chmod(root + SECRETS_FOLDER, SECRETS_MODE);
    await Deno.mkdir(output, { recursive: true });
    const path = `${output}/pulsebox_${VERSION}_${ARCHITECTURES[target.name]}.deb`;
    await run("dpkg-deb", ["--root-owner-group", "-Zxz", COMPRESSION, "--build", root, path]);
    return path;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function packageFiles(target: Target, date: string): Promise<Files> {
  const launcher = await Deno.readTextFile(new URL("system_launcher.sh", import.meta.url));
  const changelog = `pulsebox (${VERSION}) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n ` +
    `-- ${MAINTAINER}  ${new Date(date).toUTCString().replace("GMT", "+0000")}\n`;
  const files: Files = new Map();
  const add = (path: string, text: string | Uint8Array, mode = 0o644) =>
    files.set(path, { text, mode });
  add("usr/bin/pulsebox", launcher.replace("@FLAGS@", RUNTIME_FLAGS.join(" ")), 0o755);
  add("usr/lib/systemd/system/pulsebox.service", packagedUnit());
  add(PLACES.environment.slice(1), packagedSettings());
  add("usr/share/man/man1/pulsebox.1.gz", gzip(manPage(VERSION, date)));
  add("usr/share/doc/pulsebox/changelog.gz", gzip(changelog));
  add("usr/share/doc/pulsebox/copyright", await copyright());
  add("usr/share/lintian/overrides/pulsebox", OVERRIDES);
  for (const shell of SHELLS) add(COMPLETIONS[shell], completionScript(shell, COMMANDS));
  add("DEBIAN/conffiles", `${PLACES.environment}\n`);
  add("DEBIAN/control", control(target));
  for (const [name, text] of MAINTAINER_SCRIPTS) add(`DEBIAN/${name}`, text, 0o755);
  return files;
}

function control(target: Target): string {
  return `Package: pulsebox
Version: ${VERSION}
Architecture: ${ARCHITECTURES[target.name]}
Maintainer: ${MAINTAINER}
Section: net
Priority: optional
Depends: libc6 (>= 2.27), libgcc-s1
Suggests: systemd, nats-server
Description: ${DESCRIPTION}
`;
}

async function copyright(): Promise<string> {
  const licence = await Deno.readTextFile("LICENSE");
  const provenance = await Deno.readTextFile("dumps/PROVENANCE.md");
  return `Pulsebox is published under the Apache License, version 2.0, which on Debian systems is in
/usr/share/common-licenses/Apache-2.0.

Copyright 2026 the Pulsebox maintainers

Deno, in /usr/lib/pulsebox/deno, is published under the MIT License.
Copyright 2018-2026 the Deno authors

Recordings in /usr/lib/pulsebox/dumps:

${provenance}
${licence.split("\n").slice(0, 3).join("\n")}
`;
}

async function sumsOf(root: string): Promise<string> {
  return await run("sh", [
    "-c",
    `cd "$1" && find . -type f ! -path "./DEBIAN/*" -printf "%P\\0" | sort -z | xargs -0 md5sum`,
    "sh",
    root,
  ]);
}

async function writeFile(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  await Deno.writeFile(path, bytes);
  await Deno.chmod(path, mode);
}

/** Without a name and a time: the same text gives the same bytes. */
function gzip(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}

if (import.meta.main) {
  offerHelp("deb");
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string" }, output: { type: "string" } },
  });
  const target = TARGETS[values.target ?? Deno.build.arch];
  if (target === undefined) {
    console.error(
      `Cannot build for "${values.target}": must be ${Object.keys(TARGETS).join(" or ")}`,
    );
    Deno.exit(2);
  }
  const date = new Date().toISOString().slice(0, 10);
  console.log(await buildDeb(target, values.output ?? "dist", date));
}
