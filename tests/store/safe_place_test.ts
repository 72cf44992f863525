/** What another user of the machine lays out for us: links, and files in our place. */

import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { addToken } from "../../src/appliance/new_token.ts";
import { copyProgram } from "../../src/store/installed_files.ts";
import { Database } from "../../src/store/database.ts";
import { probeDisk } from "../../src/store/disk_probe.ts";
import { checkPlace, openForMore, openFresh } from "../../src/store/safe_place.ts";
import { runHere } from "../cli/fake_terminal.ts";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";

const NOBODY = 65_534;
/** It reads like a token file, so that a token could be added. */
const PRECIOUS = "# a file of the system\n";
/** What SQLite, and a rescue, append to the name of a database. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];
const BASES = ["", ".new", ".damaged-1", ".damaged-5", ".leaf"];

/** Nothing is recorded, but the file is opened before. */
const NOBODY_SERVES = ["--for=100ms", "-p", "9"];

/** Folders in which another user may make files. */
const FOLDERS: Readonly<Record<string, (path: string) => void>> = {
  "a folder of another user": (path) => Deno.chownSync(path, NOBODY, NOBODY),
  "a folder for everybody": (path) => Deno.chmodSync(path, 0o1777),
};

/** Everything of ours that writes to a folder that was chosen, and the names that it uses there. */
const WRITERS: Readonly<
  Record<string, { names: readonly string[]; write: (folder: string) => unknown }>
> = {
  "the database": {
    names: SUFFIXES.map((suffix) => `pulsebox.db${suffix}`),
    write: (directory) => Database.open({ directory }).close(),
  },
  "the rescue of a database": {
    names: BASES.slice(1).flatMap((base) =>
      SUFFIXES.map((suffix) => `pulsebox.db${base}${suffix}`)
    ),
    write: (directory) => {
      Deno.writeTextFileSync(`${directory}/pulsebox.db`, "no database".repeat(1_000));
      Database.open({ directory }).close();
    },
  },
  "the probe of a host": {
    names: [".pulsebox-probe"],
    write: (directory) => Database.open({ directory }).close(),
  },
  "the probe of the doctor": {
    names: [".pulsebox-doctor"],
    write: (folder) => probeDisk(folder, () => 0),
  },
  "hev record": {
    names: ["record"],
    write: (folder) => runHere(["hev", "record", `${folder}/record`, ...NOBODY_SERVES]),
  },
  "hev record --force": {
    names: ["record"],
    write: (folder) => runHere(["hev", "record", `${folder}/record`, ...NOBODY_SERVES, "--force"]),
  },
  "a new token": { names: ["tokens"], write: (folder) => addToken(`${folder}/tokens`, "read") },
  "an installed program": {
    names: ["program", "program.new"],
    write: (folder) => copyProgram("/bin/true", `${folder}/program`),
  },
};

if (
  requirement("links of another user", {
    name: "root",
    available: Deno.uid() === 0,
    howToGet: "sudo",
  })
) {
  for (const [what, prepare] of Object.entries(FOLDERS)) {
    for (const [writer, { names, write }] of Object.entries(WRITERS)) {
      Deno.test(`${writer} in ${what} is led nowhere by links`, async () => {
        for (const name of names) {
          for (const isThere of [true, false]) {
            using directory = temporaryDirectory();
            const { folder, target } = laidOut(directory.path, prepare, isThere);
            Deno.symlinkSync(target, `${folder}/${name}`);
            giveAway(`${folder}/${name}`);
            await attempt(write, folder);
            assertUntouched(target, isThere, name);
          }
        }
      });

      Deno.test(`${writer} in ${what} writes into no other name of a file`, async () => {
        for (const name of names) {
          using directory = temporaryDirectory();
          const { folder, target } = laidOut(directory.path, prepare, true);
          Deno.linkSync(target, `${folder}/${name}`);
          await attempt(write, folder);
          assertUntouched(target, true, name);
        }
      });
    }
  }

  Deno.test("a link of another user on the way is not followed, root's and our own are", () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    Deno.mkdirSync(`${path}/real/data`, { recursive: true });
    Deno.symlinkSync(`real`, `${path}/ours`);
    Deno.symlinkSync(`real`, `${path}/theirs`);
    Deno.symlinkSync(`${path}/theirs/data`, `${path}/through`);
    Deno.symlinkSync("round", `${path}/round`);
    giveAway(`${path}/theirs`);
    Database.open({ directory: `${path}/ours/data` }).close();
    for (const way of ["theirs/data", "through", "through/", "ours/../theirs/data"]) {
      assert.throws(
        () => Database.open({ directory: `${path}/${way}` }),
        {
          kind: "directory",
          message: /^Cannot use "[^"]+" for data: user 65534 has put the link /,
        },
        way,
      );
    }
    assert.throws(() => Database.open({ directory: `${path}/round` }), { name: "StoreError" });
  });

  Deno.test("hev record says who has put the link there", async () => {
    using directory = temporaryDirectory();
    const { folder, target } = laidOut(directory.path, () => {}, true);
    Deno.symlinkSync(target, `${folder}/record`);
    giveAway(`${folder}/record`);
    const { status, stderr } = await runHere([
      "hev",
      "record",
      `${folder}/record`,
      ...NOBODY_SERVES,
      "--force",
    ]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^pulsebox: Cannot write "\S+": user 65534 has put the link "\S+" there\n$/,
    );
  });
}

Deno.test("a database that is exchanged while it is opened is not written to", () => {
  using directory = temporaryDirectory();
  const { path } = directory;
  Deno.writeTextFileSync(`${path}/precious`, "");
  const prepare = DatabaseSync.prototype.prepare;
  // The other user wins the race: between the look and the opening there is no time for a test.
  DatabaseSync.prototype.prepare = function (sql: string) {
    if (sql === "PRAGMA database_list") {
      Deno.removeSync(`${path}/pulsebox.db`);
      Deno.symlinkSync("precious", `${path}/pulsebox.db`);
    }
    return prepare.call(this, sql);
  };
  try {
    assert.throws(
      () => Database.open({ directory: path }),
      /another file has replaced it meanwhile/,
    );
  } finally {
    DatabaseSync.prototype.prepare = prepare;
  }
  assert.equal(Deno.readTextFileSync(`${path}/precious`), "");
});

Deno.test("files are replaced, added to and made, also through links of our own", () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/file`;
  Deno.symlinkSync("file", `${directory.path}/link`);
  for (const path of [file, `${directory.path}/link`]) {
    Deno.writeTextFileSync(file, "before");
    openFresh(path, true).close();
    assert.equal(Deno.readTextFileSync(file), "");
    assert.equal((Deno.statSync(file).mode ?? 0) & 0o777, 0o600, "nobody else reads it");
    assert.throws(() => openFresh(path), Deno.errors.AlreadyExists);
    Deno.chmodSync(file, 0o644);
    {
      using more = openForMore(path, 0o600);
      more.writeSync(new TextEncoder().encode("after"));
    }
    assert.equal(Deno.readTextFileSync(file), "after");
    assert.equal((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);
  }
  assert.ok(Deno.lstatSync(`${directory.path}/link`).isSymlink);
  openFresh("/dev/null", true).close();
  assert.throws(() => openFresh(directory.path, true), Deno.errors.IsADirectory);
  for (const path of ["", "/", ".", "file", "//", "/nowhere/file"]) checkPlace(path);
});

function laidOut(path: string, prepare: (path: string) => void, isThere: boolean) {
  const folder = `${path}/folder`;
  const target = `${path}/target`;
  Deno.mkdirSync(folder);
  prepare(folder);
  if (isThere) Deno.writeTextFileSync(target, PRECIOUS);
  return { folder, target };
}

function giveAway(path: string): void {
  const { success } = new Deno.Command("chown", {
    args: ["-h", `${NOBODY}:${NOBODY}`, path],
  }).outputSync();
  assert.ok(success);
}

/** Whether it goes on without, or refuses: both are well. */
async function attempt(write: (folder: string) => unknown, folder: string): Promise<void> {
  try {
    await write(folder);
  } catch (error) {
    assert.ok(error instanceof Error && /^Cannot /.test(error.message), String(error));
  }
}

function assertUntouched(target: string, isThere: boolean, name: string): void {
  if (isThere) assert.equal(Deno.readTextFileSync(target), PRECIOUS, name);
  else assert.throws(() => Deno.lstatSync(target), Deno.errors.NotFound, name);
}
