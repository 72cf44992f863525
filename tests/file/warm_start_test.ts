/**
 * A start of the portable file whose copy is there: the processes that it costs, in each shell, and what it does
 * where the kernel's files are missing.
 */

import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { launcherFor } from "../../scripts/compile/portable.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { runContained } from "../support/contained.ts";
import { requirement } from "../support/require.ts";
import { isInstalled } from "../support/tool.ts";

/** What a start may cost beside the shell itself; on a Raspberry Pi each of them takes 2 ms or more. */
const PROCESSES_MAX = 2;
const PROGRAMS = ["stat", "env", "env"];

/** All that the launcher may start; there is nothing else in its path. */
const TOOLS = [
  ...[
    "chmod",
    "env",
    "grep",
    "gzip",
    "head",
    "id",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sha256sum",
  ],
  ...["stat", "sync", "tail", "tar", "touch", "tr", "true", "uname"],
];
const SHELLS = [["dash"], ["bash"], ["busybox", "sh"]];
const MACHINE = Deno.build.arch;
const PACKAGE_LAUNCHER = new URL("../../scripts/package/system_launcher.sh", import.meta.url);
const KEY = "0".repeat(64);
const START_MS_MAX = 60_000;

/** Stands for Deno: a shell, so that it runs the file `run` of the folder that it is started in. */
const RUN = `
echo "blocked=$PULSEBOX_BLOCKED cache=$DENO_DIR arguments=$*"
/bin/sh -c 'echo after=$$'
`;
/** The kernel numbers the processes of a namespace one by one. */
const START = `cd "$1" && shift && /bin/sh -c 'echo before=$$' && exec "$@"`;

/** What is hidden from a start, and the programs that tell it instead; $1 is a folder for the scene. */
const WITHOUT: readonly [name: string, setup: string, programs: readonly string[]][] = [
  ["the machine's name", "mount -t tmpfs none /proc/sys/kernel", ["uname"]],
  ["/proc", "mount -t tmpfs none /proc", ["id", "uname"]],
  [
    "the right machine's name, as under emulation",
    'echo other >"$1/arch" && mount --bind "$1/arch" /proc/sys/kernel/arch',
    ["uname"],
  ],
];

/** What makes a copy another one, but not what it has to be. */
const DAMAGES: Record<string, (scene: Scene) => Promise<void>> = {
  "a longer module": ({ main }) => Deno.writeTextFile(main, "// Not mine, but longer.\n"),
  "no module": ({ main }) => Deno.remove(main),
  "a text as the program": async ({ deno }) => {
    await Deno.writeTextFile(deno, "#!/bin/sh\n".padEnd((await Deno.stat(deno)).size));
  },
  // Nobody writes to it: whoever opened it would wait for ever.
  "a pipe as the program": async ({ deno }) => {
    await Deno.remove(deno);
    const { success } = await new Deno.Command("mkfifo", { args: ["--mode=755", deno] }).output();
    assert.ok(success);
  },
};

interface Start {
  readonly text: string;
  /** Processes that were started, all in all. */
  readonly processes: number;
  /** Programs that were started, in their order. */
  readonly programs: readonly string[];
}

/** A launcher with a copy of a small program, in a folder that is removed at the end. */
class Scene implements Disposable {
  readonly #directory = temporaryDirectory();
  readonly path = Deno.realPathSync(this.#directory.path);
  readonly copy = `${this.path}/cache/pulsebox/${KEY}`;
  readonly deno = `${this.copy}/deno`;
  readonly main = `${this.copy}/program/portable/main.js`;

  static async create(): Promise<Scene> {
    const scene = new Scene();
    const { path, copy, deno, main } = scene;
    await Deno.mkdir(`${copy}/program/portable`, { recursive: true });
    await Deno.writeTextFile(main, "// Not run.\n");
    await Deno.copyFile(await Deno.realPath("/bin/sh"), deno);
    await Deno.chmod(deno, 0o755);
    await Deno.writeTextFile(`${path}/run`, RUN);
    const target = { name: `${MACHINE}-linux`, machine: MACHINE };
    const launcher = await launcherFor({ target, version: "0.0.0", stage: copy, key: KEY });
    await Deno.writeTextFile(`${path}/portable`, launcher);
    const ofPackage = (await Deno.readTextFile(PACKAGE_LAUNCHER)).replaceAll(
      "/usr/lib/pulsebox",
      copy,
    );
    await Deno.writeTextFile(`${path}/package`, ofPackage);
    await Deno.mkdir(`${path}/tools`);
    for (const name of TOOLS) await scene.replace(name, `exec ${toolPath(name)} "$@"`);
    return scene;
  }

  /** Puts a script in place of a tool. */
  async replace(name: string, script: string): Promise<void> {
    const text = `#!/bin/sh\necho ${name} >>${this.path}/log\n${script}\n`;
    await Deno.writeTextFile(`${this.path}/tools/${name}`, text, { mode: 0o755 });
  }

  async start(
    shell: readonly string[],
    { form = "portable", setup = ":", cache = `${this.path}/cache` }: {
      form?: "portable" | "package";
      setup?: string;
      cache?: string;
    } = {},
  ): Promise<Start> {
    await Deno.writeTextFile(`${this.path}/log`, "");
    const [program = "", ...args] = shell;
    const command = [toolPath(program) ?? "", ...args, `${this.path}/${form}`, "version"];
    const env = [`PATH=${this.path}/tools`, `XDG_CACHE_HOME=${cache}`];
    const script = `${setup} && PATH=${this.path}/tools && ${START}`;
    const { text } = await runContained(
      ["/bin/sh", "-c", script, "sh", this.path, "/usr/bin/env", "-i", ...env, ...command],
      START_MS_MAX,
    );
    const number = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(text)?.[1]);
    const log = await Deno.readTextFile(`${this.path}/log`);
    return {
      text,
      processes: number("after") - number("before") - 1,
      programs: log.split("\n").slice(0, -1),
    };
  }

  /** Checks that a start ran the copy. */
  assertRan({ text }: Start, message: string, { blocked = ["USR1"] } = {}): void {
    const expected = blocked.map((signal) =>
      `blocked=${signal} cache=${this.copy}/cache arguments=--quiet `
    );
    assert.ok(
      expected.some((each) => text.includes(each)) && text.includes(` ${this.main} version\n`),
      `${message}: ${text}`,
    );
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

if (
  requirement("the cost of a start", {
    name: "root, setpriv and unshare",
    available: Deno.uid() === 0 && isInstalled("setpriv") && isInstalled("unshare"),
    howToGet: "sudo, and apt-get install util-linux",
  })
) {
  for (const shell of SHELLS) {
    const [program = ""] = shell;
    const name = shell.join(" ");
    const isHere = requirement(`starts in ${name}`, {
      name: program,
      available: toolPath(program) !== undefined,
      howToGet: `apt-get install ${program}`,
      isRare: true,
    });
    if (!isHere) continue;
    // Some busybox has tools of its own, and its env blocks no signals.
    const hasOwnTools = program === "busybox";
    const blocked = hasOwnTools ? ["USR1", ""] : ["USR1"];

    Deno.test(`A start whose copy is there costs ${PROCESSES_MAX} processes in ${name}`, async () => {
      using scene = await Scene.create();
      const start = await scene.start(shell);
      scene.assertRan(start, name, { blocked });
      assert.ok(start.processes <= PROCESSES_MAX, `${start.processes}: ${start.programs}`);
      if (!hasOwnTools) assert.deepEqual(start.programs, PROGRAMS);
    });

    for (const [hidden, setup, programs] of WITHOUT) {
      Deno.test(`A start in ${name} does without ${hidden}`, async () => {
        using scene = await Scene.create();
        const start = await scene.start(shell, { setup });
        scene.assertRan(start, hidden, { blocked });
        assert.ok(start.processes <= PROCESSES_MAX + programs.length, `${start.processes}`);
        if (!hasOwnTools) assert.deepEqual(start.programs, [...programs, ...PROGRAMS]);
      });
    }

    Deno.test(`A start in ${name} takes links and detours out of the way to its copy`, async () => {
      using scene = await Scene.create();
      await Deno.symlink(`${scene.path}/cache`, `${scene.path}/link`);
      for (const cache of ["link", "cache/", "tools/../cache", "./cache"]) {
        const start = await scene.start(shell, { cache: `${scene.path}/${cache}` });
        scene.assertRan(start, cache, { blocked });
      }
    });
  }

  Deno.test("A start of the package costs one process", async () => {
    using scene = await Scene.create();
    const { processes, programs, text } = await scene.start(["sh"], { form: "package" });
    assert.match(text, /^blocked=USR1 /m);
    assert.deepEqual({ processes, programs }, { processes: 1, programs: ["env", "env"] });
  });

  Deno.test("A start on another machine is refused, with the machine's name", async () => {
    using scene = await Scene.create();
    await scene.replace("uname", "echo Linux riscv64");
    const [, setup] = WITHOUT[0] ?? [];
    const { text } = await scene.start(["sh"], { setup: setup ?? "" });
    assert.ok(
      text.endsWith(
        `pulsebox: This file is for Linux on ${MACHINE}, this machine is Linux riscv64\n`,
      ),
      text,
    );
  });

  Deno.test("A start whose env cannot block a signal leaves that to the program", async () => {
    using scene = await Scene.create();
    await scene.replace("env", "exit 125");
    scene.assertRan(await scene.start(["sh"]), "without", { blocked: [""] });
  });

  Deno.test("A start runs nothing of a copy that holds something else", async () => {
    for (const [name, damage] of Object.entries(DAMAGES)) {
      using scene = await Scene.create();
      await damage(scene);
      const { text } = await scene.start(["sh"]);
      // There is no payload to unpack it from.
      assert.match(text, /^before=\d+\npulsebox: This file is damaged: .*\n$/, `${name}: ${text}`);
    }
  });
}

function toolPath(name: string): string | undefined {
  return [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path));
}
