/**
 * What disks do to a running host. Runs as root in a namespace of mounts of its own; the argument
 * names the scene.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { eventually } from "../support/eventually.ts";

const DISK_BYTES = 67_108_864;
const BALLAST_BYTES = 4_800_000;
/** Longer than any application here may be silent. */
const STALL_MS = 2_500;
const PROMISE_MS = 600;

const [scene = "", folder = ""] = Deno.args;
const [image, disk] = [`${folder}/image`, `${folder}/disk`];

/** Runs a command of the shell. */
function run(script: string): void {
  const { success, stderr } = new Deno.Command("sh", {
    args: ["-ec", script, "sh", disk, image],
    stdin: "null",
  }).outputSync();
  assert.ok(success, `${script}: ${new TextDecoder().decode(stderr)}`);
}

function start(): Promise<PulseboxHost> {
  return PulseboxHost.start(["--data", `${disk}/data`]);
}

/** Lets an application be heard; it must be answered whatever the disk does. */
async function beat(host: PulseboxHost, name: string, promiseMs = 600_000): Promise<void> {
  const reply = await fetch(`${host.url}/hb_ping?${promiseMs}&appid=${name}`);
  assert.equal(reply.status, 200, name);
  await reply.body?.cancel();
}

async function warningsOf(host: PulseboxHost): Promise<string[]> {
  const reply = await fetch(`${host.consoleUrl}/healthz`);
  assert.equal(reply.status, 200, "every role does its job");
  return (await reply.json()).warnings;
}

/** Waits until what was heard is on the disk. */
async function committed(host: PulseboxHost): Promise<void> {
  await eventually("a commit", async () => {
    const text = await (await fetch(`${host.consoleUrl}/metrics`)).text();
    return /^pulsebox_store_commits_total [1-9]/m.test(text);
  });
}

async function namesOf(host: PulseboxHost): Promise<string[]> {
  const reply = await fetch(`${host.consoleUrl}/api/v1/members?limit=1000`);
  const { members } = await reply.json() as { members: { name: string }[] };
  return members.map(({ name }) => name);
}

/** Storage fails, and says so; when it works again, a kill costs nothing of what came meanwhile. */
async function failsAndComesBack(fail: () => void, mend: () => void): Promise<void> {
  {
    await using host = await start();
    await beat(host, "before");
    await committed(host);
    fail();
    let count = 0;
    await eventually("a failure", async () => {
      for (let more = 0; more < 20; more++) await beat(host, `x${"y".repeat(200)}${++count}`);
      return (await warningsOf(host)).some((warning) => /Cannot /.test(warning));
    });
    await beat(host, "meanwhile");
    mend();
    await host.process.stderrHas(/Storage works again/, 20_000);
    assert.deepEqual(await warningsOf(host), []);
    await beat(host, "after");
    await eventually("what came last", async () => {
      const text = await (await fetch(`${host.consoleUrl}/metrics`)).text();
      return /^pulsebox_store_up 1$/m.test(text);
    });
  }
  await using host = await start();
  const names = await namesOf(host);
  for (const name of ["before", "meanwhile"]) {
    assert.ok(
      names.includes(name),
      `${name} is not among ${names.length}: ${host.process.stderrText.slice(0, 1_500)}`,
    );
  }
}

const SCENES: Readonly<Record<string, () => Promise<void>>> = {
  full: async () => {
    run('mount -t tmpfs -o size=5m tmpfs "$1"');
    Deno.writeFileSync(`${disk}/ballast`, new Uint8Array(BALLAST_BYTES));
    await failsAndComesBack(() => {}, () => Deno.removeSync(`${disk}/ballast`));
  },
  "full at the start": async () => {
    run('mount -t tmpfs -o size=5m tmpfs "$1"');
    {
      await using host = await start();
      await beat(host, "before");
      await committed(host);
    }
    // As much as there is room for.
    run('cat /dev/zero >"$1/ballast" || true');
    await using host = await start();
    assert.deepEqual(await namesOf(host), ["before"]);
    await eventually("a failure", async () => {
      await beat(host, `x${"y".repeat(200)}${performance.now()}`);
      return (await warningsOf(host)).some((warning) => /Cannot /.test(warning));
    });
    Deno.removeSync(`${disk}/ballast`);
    await host.process.stderrHas(/Storage works again/, 20_000);
  },
  deleted: async () => {
    await failsAndComesBack(() => Deno.removeSync(`${disk}/data`, { recursive: true }), () => {});
  },
  replaced: async () => {
    const database = `${disk}/data/pulsebox.db`;
    await failsAndComesBack(() => {
      Deno.copyFileSync(database, `${database}.copy`);
      Deno.renameSync(`${database}.copy`, database);
    }, () => {});
  },
  "read-only": async () => {
    makeDisk("errors=remount-ro");
    await failsAndComesBack(
      () => run('echo x >/sys/fs/ext4/$(basename $(findmnt -no SOURCE "$1"))/trigger_fs_error'),
      replug,
    );
  },
  dead: async () => {
    makeDisk();
    await failsAndComesBack(() => {
      // EXT4_IOC_SHUTDOWN: every access fails from now on.
      run(
        `/usr/bin/python3 -c 'import fcntl, os, sys; fcntl.ioctl(os.open(sys.argv[1], 0), ` +
          `0x8004587d, b"\\x02\\0\\0\\0")' "$1"`,
      );
    }, replug);
  },
  stalls: async () => {
    makeDisk();
    await using host = await start();
    await beat(host, "alive", PROMISE_MS);
    run('fsfreeze -f "$1"');
    const thaw = setTimeout(() => run('fsfreeze -u "$1"'), STALL_MS);
    try {
      const until = performance.now() + 2 * STALL_MS;
      let longest = 0;
      for (let count = 0; performance.now() < until; count++) {
        const asked = performance.now();
        await beat(host, "alive", PROMISE_MS);
        longest = Math.max(longest, performance.now() - asked);
        // A change that wants to be on the disk.
        if (count % 10 === 0) await beat(host, `new${count}`);
        await new Promise((done) => setTimeout(done, 50));
      }
      assert.ok(longest < STALL_MS + 2_000, `${longest} ms`);
      assert.doesNotMatch(host.process.stderrText, /alive @ \S+ is (?:late|lost)/);
    } finally {
      clearTimeout(thaw);
    }
  },
};

function makeDisk(options = "defaults"): void {
  Deno.writeFileSync(image, new Uint8Array());
  Deno.truncateSync(image, DISK_BYTES);
  run(`mkfs.ext4 -q "$2" && mount -o loop,${options} "$2" "$1"`);
}

/** Another medium with the same content in the same place, and at no time none: that would be a folder. */
function replug(): void {
  run('cp "$2" "$2.new" && (e2fsck -fp "$2.new" >/dev/null || true)');
  run('mount -o loop "$2.new" "$1"');
}

await Deno.mkdir(disk);
await (SCENES[scene] ?? assert.fail(`There is no scene "${scene}"`))();
