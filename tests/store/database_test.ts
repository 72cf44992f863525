import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { Database, WAL_BYTES_KEPT } from "../../src/store/database.ts";
import { DATABASE_FILE, SET_ASIDE_MAX } from "../../src/store/data_directory.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "../../src/store/schema.ts";
import { StoreError } from "../../src/store/store_error.ts";
import { copyAsKilled, temporaryDirectory } from "./virtual_host.ts";

const META = "INSERT INTO meta (key, value) VALUES (?, ?)";

function versionOf(path: string): unknown {
  const sqlite = new DatabaseSync(path);
  try {
    return sqlite.prepare("PRAGMA user_version").get()?.["user_version"];
  } finally {
    sqlite.close();
  }
}

function refusalOf(directory: string): StoreError {
  try {
    Database.open({ directory, lockWaitMs: 0 }).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error(`Cannot be used and was not refused: ${directory}`);
}

Deno.test("Database makes its directory and a database of the current version", () => {
  using base = temporaryDirectory();
  const directory = `${base.path}/data`;
  Database.open({ directory }).close();
  assert.equal(versionOf(`${directory}/${DATABASE_FILE}`), SCHEMA_VERSION);
});

Deno.test("Database keeps commits over a close and over a kill", () => {
  using first = temporaryDirectory();
  using second = temporaryDirectory();
  using database = Database.open({ directory: first.path });
  database.transaction("kill", () => void database.prepare(META).run("a", "1"));
  database.transaction("power-cut", () => void database.prepare(META).run("b", "2"));
  copyAsKilled(first.path, second.path);
  database.close();
  for (const { path } of [first, second]) {
    using again = Database.open({ directory: path });
    assert.equal(again.prepare("SELECT * FROM meta").all().length, 2);
  }
});

Deno.test("Database takes a commit as a whole or not at all", () => {
  using database = Database.open();
  assert.throws(() =>
    database.transaction("kill", () => {
      database.prepare(META).run("a", "1");
      database.prepare(META).run("a", "again");
    }), StoreError);
  assert.equal(database.prepare("SELECT * FROM meta").all().length, 0);
  database.transaction("kill", () => void database.prepare(META).run("a", "1"));
});

Deno.test("Database switches its durability with each commit that asks for the other", () => {
  using database = Database.open();
  const level = () => database.prepare("PRAGMA synchronous").get()?.["synchronous"];
  const levels: unknown[] = [];
  for (const survives of ["kill", "kill", "power-cut", "kill"] as const) {
    database.transaction(survives, () => void levels.push(level()));
  }
  assert.deepEqual(levels, [1, 1, 2, 1]);
});

Deno.test("Database goes through every step of the schema from version 0", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  new DatabaseSync(path).close();
  assert.equal(versionOf(path), 0);
  Database.open({ directory: directory.path }).close();
  assert.equal(versionOf(path), SCHEMA_VERSION);

  const more = [...MIGRATIONS, "ALTER TABLE meta ADD COLUMN note TEXT", "CREATE TABLE extra (x)"];
  {
    using database = Database.open({ directory: directory.path, migrations: more });
    assert.equal(database.prepare("SELECT note FROM meta").all().length, 0);
    assert.equal(database.prepare("SELECT x FROM extra").all().length, 0);
  }
  assert.equal(versionOf(path), SCHEMA_VERSION + 2);
});

Deno.test("Database stays at the last good version if a step fails", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Database.open({ directory: directory.path }).close();
  const broken = [
    ...MIGRATIONS,
    "CREATE TABLE extra (x); INSERT INTO extra VALUES (zeroblob(-1, 2))",
  ];
  const places: string[] = [];
  const onRescue = ({ place }: { place: string }) => void places.push(place);
  assert.throws(
    () => Database.open({ directory: directory.path, migrations: broken, onRescue }),
    StoreError,
  );
  assert.equal(versionOf(places[0] ?? path), SCHEMA_VERSION);
});

for (let version = 1; version < SCHEMA_VERSION; version++) {
  Deno.test(`Database brings format ${version} up to date and keeps what is in it`, () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${DATABASE_FILE}`;
    const sqlite = new DatabaseSync(path);
    for (const step of MIGRATIONS.slice(0, version)) sqlite.exec(step);
    sqlite.exec(`PRAGMA user_version = ${version}; INSERT INTO meta VALUES ('a', 'b')`);
    sqlite.close();
    const database = Database.open({ directory: directory.path });
    assert.deepEqual(
      database.prepare("SELECT value FROM meta").all().map((row) => row["value"]),
      ["b"],
    );
    database.close();
    assert.equal(versionOf(path), SCHEMA_VERSION);
  });
}

Deno.test("Database refuses a format of a later version and leaves it alone", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  const sqlite = new DatabaseSync(path);
  sqlite.exec("CREATE TABLE later (x); PRAGMA user_version = 99");
  sqlite.close();
  const refusal = refusalOf(directory.path);
  assert.equal(refusal.kind, "newer");
  assert.match(
    refusal.message,
    new RegExp(`it has format 99, .* formats up to ${SCHEMA_VERSION},`),
  );
  assert.equal(versionOf(path), 99);
});

Deno.test("Database refuses a second instance with one line, until the first ends", () => {
  using directory = temporaryDirectory();
  const first = Database.open({ directory: directory.path });
  const refusal = refusalOf(directory.path);
  assert.equal(refusal.kind, "in-use");
  assert.match(refusal.message, /another Pulsebox is using it/);
  assert.doesNotMatch(refusal.message, /\n/);
  first.transaction("kill", () => void first.prepare(META).run("still", "works"));
  first.close();
  Database.open({ directory: directory.path }).close();
});

Deno.test("Database refuses a second process", async () => {
  using directory = temporaryDirectory();
  using _first = Database.open({ directory: directory.path });
  const module = new URL("../../src/store/database.ts", import.meta.url);
  const script = `import { Database } from ${JSON.stringify(module)};
    try { Database.open({ directory: Deno.args[0], lockWaitMs: 0 }); } catch (error) {
      console.log(error.kind);
    }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script, directory.path],
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "in-use");
});

Deno.test("Database refuses places that are no directory", () => {
  using base = temporaryDirectory();
  Deno.writeTextFileSync(`${base.path}/file`, "");
  for (
    const [name, reason] of [
      ["file", /it is not a directory/],
      ["file/below", /it is not a directory/],
      ["missing/data", /the directory above it does not exist/],
    ] as const
  ) {
    const refusal = refusalOf(`${base.path}/${name}`);
    assert.equal(refusal.kind, "directory", name);
    assert.match(refusal.message, reason);
  }
});

const DAMAGES: readonly (readonly [string, (path: string) => void])[] = [
  ["text", (path) => Deno.writeTextFileSync(path, "not a database ".repeat(1_000))],
  ["another header", (path) => overwrite(path, 0, 16)],
  ["pages of noise after an unclean end", (path) => {
    overwrite(path, 4_096, 12_000);
    Deno.writeFileSync(`${path}-wal`, new Uint8Array(100));
  }],
  ["a table of the same name", (path) => {
    Deno.removeSync(path);
    const sqlite = new DatabaseSync(path);
    sqlite.exec("CREATE TABLE member (x)");
    sqlite.close();
  }],
];

function overwrite(path: string, offset: number, length: number): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(offset, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(length).fill(0xa5));
}

for (const [name, damage] of DAMAGES) {
  Deno.test(`Database sets aside what is damaged: ${name}`, () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${DATABASE_FILE}`;
    Database.open({ directory: directory.path }).close();
    damage(path);
    const places: string[] = [];
    using database = Database.open({
      directory: directory.path,
      onRescue: ({ place }) => void places.push(place),
    });
    assert.deepEqual(places, [`${path}.damaged-1`]);
    assert.ok(Deno.statSync(`${path}.damaged-1`).size > 0);
    assert.equal(database.prepare("SELECT * FROM member").all().length, 0);
  });
}

Deno.test("Database keeps a bounded number of damaged ones", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  for (let round = 0; round < SET_ASIDE_MAX + 3; round++) {
    Deno.writeTextFileSync(path, `damaged in round ${round} `.repeat(100));
    Database.open({ directory: directory.path }).close();
  }
  const kept = [...Deno.readDirSync(directory.path)].filter(({ name }) => name.includes("damaged"));
  assert.equal(kept.length, SET_ASIDE_MAX);
});

Deno.test("Database keeps its log short, whatever the size of a commit", () => {
  using directory = temporaryDirectory();
  using database = Database.open({ directory: directory.path });
  const log = `${directory.path}/${DATABASE_FILE}-wal`;
  database.transaction("kill", () => {
    for (let row = 0; row < 3_000; row++) database.prepare(META).run(`${row}`, "x".repeat(4_000));
  });
  for (let commit = 0; commit < 20; commit++) {
    database.transaction("kill", () => void database.prepare(META).run(`after ${commit}`, "x"));
  }
  assert.ok(Deno.statSync(log).size <= WAL_BYTES_KEPT + 1_048_576);
});

Deno.test("Database without a directory lives in memory", () => {
  using database = Database.open();
  database.transaction("power-cut", () => void database.prepare(META).run("a", "1"));
  assert.equal(database.prepare("SELECT * FROM meta").all().length, 1);
});

Deno.test("Database closes more than once", () => {
  const database = Database.open();
  database.close();
  database.close();
});
