import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { DAMAGE_KEY } from "../../src/store/damage_note.ts";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { PAGE_BYTES } from "../../src/store/leaf_pages.ts";
import { Database, EXAMINED_BYTES_MAX } from "../../src/store/database.ts";
import { FaultyDisk } from "./faulty_disk.ts";
import { pagesOfBytes } from "./full_database.ts";
import { copyAsKilled, HandClock, idOf, temporaryDirectory, VirtualHost } from "./virtual_host.ts";

/** Enough for several leaf pages of the table and of its index. */
const MEMBER_COUNT = 150;
const RUNS = 30;

/** Makes the database of a run that ended well, and gives it as bytes. */
function soundDatabase(): Uint8Array<ArrayBuffer> {
  using directory = temporaryDirectory();
  {
    using host = new VirtualHost(directory.path, new HandClock());
    host.store.load();
    for (let index = 0; index < MEMBER_COUNT; index++) host.beat(`program-${index}`);
    for (let index = 0; index < MEMBER_COUNT; index++) {
      host.store.meta.set(`key-${index}`, `value ${index} `.repeat(10));
    }
    host.members.pauseAll({ reason: "lamp", until: Infinity }, host.clock.now());
  }
  return Deno.readFileSync(`${directory.path}/${DATABASE_FILE}`);
}

/** What a start made of a database. */
interface Outcome {
  members: number;
  keys: number;
  errors: string[];
  setAside: boolean;
  ok: boolean;
  warnings: string[];
  isHostPaused: boolean;
  told: string[];
}

function startWith(bytes: Uint8Array<ArrayBuffer>): Outcome {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, bytes);
  using host = new VirtualHost(directory.path, new HandClock());
  const subscription = host.events.subscribe();
  host.store.load();
  const told: string[] = [];
  for (let event = subscription.take(); event; event = subscription.take()) told.push(event.type);
  let keys = 0;
  for (let index = 0; index < MEMBER_COUNT; index++) {
    if (host.store.meta.get(`key-${index}`) !== undefined) keys++;
  }
  return {
    members: host.hilbert.size,
    keys,
    errors: host.lines.filter(({ level }) => level === "error").map(({ message }) => message),
    setAside: [...Deno.readDirSync(directory.path)].some(({ name }) => name.endsWith(".damaged-1")),
    ok: host.store.health().ok,
    warnings: host.store.warnings(),
    isHostPaused: host.members.pause !== undefined,
    told: told.filter((type) => type.startsWith("store-")),
  };
}

/** Numbers from 0 to 2^32 - 1, the same for each seed (xorshift). */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    yield state;
  }
}

function assertNotSilent(outcome: Outcome, what: string): void {
  assert.equal(outcome.ok, true, `${what}: ${JSON.stringify(outcome)}`);
  if (outcome.members === MEMBER_COUNT && outcome.keys === MEMBER_COUNT) return;
  assert.equal(outcome.setAside, true, `${what}: ${JSON.stringify(outcome)}`);
  assert.equal(outcome.errors.length, 1, `${what}: ${JSON.stringify(outcome)}`);
  assert.equal(outcome.warnings.length, 1, `${what}: ${JSON.stringify(outcome)}`);
  assert.deepEqual(outcome.told, ["store-failed", "store-recovered"], what);
}

Deno.test("Store never loses a row to a page of zeros without a word", () => {
  const sound = soundDatabase();
  const pages = sound.length / PAGE_BYTES;
  assert.ok(pages > 10);
  for (let page = 0; page < pages; page++) {
    const damaged = sound.slice();
    damaged.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    assertNotSilent(startWith(damaged), `page ${page + 1}`);
  }
});

Deno.test("Store never loses a row to pages of noise without a word", () => {
  const sound = soundDatabase();
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = numbers(seed * 7_919);
    const damaged = sound.slice();
    for (let count = random.next().value % 3; count >= 0; count--) {
      const start = (random.next().value % (sound.length / PAGE_BYTES)) * PAGE_BYTES;
      for (let at = start; at < start + PAGE_BYTES; at++) damaged[at] = random.next().value & 0xff;
    }
    assertNotSilent(startWith(damaged), `seed ${seed}`);
  }
});

Deno.test("Store keeps members and maintenance when a page of another table is damaged", () => {
  const sound = soundDatabase();
  const pages = pagesOfBytes(sound);
  for (const { number, table, isIndex } of pages) {
    const damaged = sound.slice();
    damaged.fill(0xa5, (number - 1) * PAGE_BYTES, number * PAGE_BYTES);
    const outcome = startWith(damaged);
    const what = `page ${number} of ${table}: ${JSON.stringify(outcome)}`;
    assertNotSilent(outcome, what);
    if (table !== "member" || isIndex) assert.equal(outcome.members, MEMBER_COUNT, what);
    if (table !== "meta") assert.equal(outcome.isHostPaused, true, what);
    if (table !== "meta") assert.equal(outcome.keys, MEMBER_COUNT, what);
  }
  assert.ok(new Set(pages.map(({ table }) => table)).size >= 3);
});

Deno.test("Store warns over restarts of what was damaged, until somebody confirms it", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  const bytes = soundDatabase();
  Deno.writeFileSync(path, bytes.fill(0, PAGE_BYTES, 2 * PAGE_BYTES));
  const clock = new HandClock();
  for (let run = 0; run < 3; run++) {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    const [warning = "", ...others] = host.store.warnings();
    assert.match(warning, /is kept as ".*damaged-1", rows saved: .*: check .*, then confirm/);
    assert.deepEqual(others, []);
    assert.equal(host.store.health().ok, true);
    if (run === 2) host.store.damage.confirm();
  }
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  assert.deepEqual(host.store.warnings(), []);
});

Deno.test("Store saves the history when it finds a damaged page while at work", () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  const disk = new FaultyDisk();
  const entries = (host: VirtualHost) => host.store.history.query({ limit: 1_000 }).length;
  let before = 0;
  {
    using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
    host.store.load();
    for (let index = 0; index < 61; index++) host.beat(`program-${index}`);
    host.store.flush();
    before = entries(host);
    disk.damage();
    host.beat("new");
    host.store.flush();
    assert.equal(host.store.health().ok, false);
    clock.pass(80_000);
    host.store.commitDue();
    assert.equal(host.store.health().ok, true);
    assert.match(host.store.warnings()[0] ?? "", /\d+ of history/);
  }
  using again = new VirtualHost(directory.path, clock);
  again.store.load();
  assert.equal(again.hilbert.size, 62);
  assert.ok(entries(again) > before, `${entries(again)} entries, ${before} before the damage`);
  assert.equal(again.store.warnings().length, 1);
});

/** How a page that goes bad is come across, and the table that it is of. */
const LOOKS: Readonly<Record<string, readonly [string, (host: VirtualHost) => unknown]>> = {
  "a look at the history": ["history", (host) => host.store.history.query({ limit: 1_000 })],
  "a look at a member's uptime": [
    "uptime_day",
    (host) => host.store.uptime.query({ protocol: "hilbert", id: idOf("program-1") }).days(),
  ],
  "a commit": ["member", (host) => {
    for (let index = 0; index < 200; index++) host.beat(`program-${index}`, 9_000);
    host.store.flush();
  }],
};

for (const [look, [table, comeAcross]] of Object.entries(LOOKS)) {
  Deno.test(`Store notices at ${look} that a page has gone bad, and saves the others`, () => {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    const disk = new FaultyDisk();
    using host = new VirtualHost(directory.path, clock, { openDatabase: disk.open });
    host.store.load();
    for (let index = 0; index < 200; index++) host.beat(`program-${index}`);
    host.store.flush();
    const entries = () => host.store.history.query({ limit: 1_000 }).length;
    const before = entries();
    const subscription = host.events.subscribe();
    const told = () => {
      const types: string[] = [];
      for (let event = subscription.take(); event; event = subscription.take()) {
        types.push(event.type);
      }
      return types.filter((type) => type.startsWith("store-"));
    };
    disk.spoil(table);
    comeAcross(host);
    assert.deepEqual(told(), ["store-failed"]);
    assert.equal(host.store.health().ok, false);
    clock.pass(80_000);
    host.store.commitDue();
    assert.deepEqual(told(), ["store-recovered"]);
    assert.equal(host.store.warnings().length, 1);
    assert.ok(entries() > before / 2 && entries() >= before - 60, `${entries()} of ${before}`);
  });
}

Deno.test("Store shows the history around an entry that makes no sense", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, soundDatabase());
  const sqlite = new DatabaseSync(path);
  sqlite.exec("UPDATE history SET detail = 'no JSON' WHERE seq = 70");
  sqlite.close();
  using host = new VirtualHost(directory.path, new HandClock());
  host.store.load();
  assert.ok(host.store.history.query({ limit: 1_000 }).length >= MEMBER_COUNT - 1);
  assert.equal(host.store.health().ok, true);
});

Deno.test("Store leaves the damaged database where it is until it can write a new one", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  const clock = new HandClock();
  const damaged = soundDatabase().fill(0xa5, PAGE_BYTES, 2 * PAGE_BYTES);
  Deno.writeFileSync(path, damaged);
  Deno.mkdirSync(`${path}.new/in-the-way`, { recursive: true });
  using host = new VirtualHost(directory.path, clock);
  host.store.load();
  assert.equal(host.store.health().ok, false);
  assert.deepEqual(Deno.readFileSync(path), damaged);
  Deno.removeSync(`${path}.new`, { recursive: true });
  clock.pass(80_000);
  host.store.commitDue();
  assert.equal(host.store.health().ok, true);
  assert.equal(host.hilbert.size, MEMBER_COUNT);
  assert.equal(host.store.warnings().length, 1);
});

Deno.test("Store takes no damage amiss that the log of a killed run makes good", () => {
  using killed = temporaryDirectory();
  using directory = temporaryDirectory();
  {
    using host = new VirtualHost(directory.path, new HandClock());
    host.store.load();
    for (let index = 0; index < 61; index++) host.beat(`program-${index}`);
    host.store.flush();
    copyAsKilled(directory.path, killed.path);
  }
  assert.ok(Deno.statSync(`${killed.path}/${DATABASE_FILE}-wal`).size > PAGE_BYTES);
  Deno.writeFileSync(`${killed.path}/${DATABASE_FILE}`, new Uint8Array(PAGE_BYTES));
  using host = new VirtualHost(killed.path, new HandClock());
  host.store.load();
  assert.equal(host.hilbert.size, 61);
  assert.deepEqual(host.store.warnings(), []);
});

Deno.test("Store ends a rescue that a kill interrupted before the new database had its name", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(`${path}.new`, soundDatabase());
  Deno.writeFileSync(`${path}-wal`, new Uint8Array(100).fill(0xa5));
  using host = new VirtualHost(directory.path, new HandClock());
  host.store.load();
  assert.equal(host.hilbert.size, MEMBER_COUNT);
  assert.deepEqual(host.lines.filter(({ level }) => level === "error"), []);
});

Deno.test("Store begins a rescue anew that a kill interrupted before it was complete", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, soundDatabase());
  Deno.writeFileSync(`${path}.new`, new Uint8Array(PAGE_BYTES));
  using host = new VirtualHost(directory.path, new HandClock());
  host.store.load();
  assert.equal(host.hilbert.size, MEMBER_COUNT);
  assert.deepEqual(
    [...Deno.readDirSync(directory.path)].filter(({ name }) => /new/.test(name)),
    [],
  );
});

for (const [what, page] of [["the first page", 1], ["the page that is in use", 4]] as const) {
  Deno.test(`Database brings nothing back that was deleted, with ${what} damaged`, () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/${DATABASE_FILE}`;
    {
      using database = Database.open({ directory: directory.path });
      const insert = database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
      database.transaction("kill", () => {
        for (let row = 0; row < 500; row++) insert.run(`deleted ${row}`, "x".repeat(100));
      });
      database.transaction("kill", () => void database.prepare("DELETE FROM meta").run());
      database.transaction("kill", () => void insert.run("kept", "x"));
    }
    const bytes = Deno.readFileSync(path);
    assert.ok(bytes.length > 10 * PAGE_BYTES);
    assert.equal(pagesOfBytes(bytes).find(({ table }) => table === "meta")?.number, 4);
    Deno.writeFileSync(path, bytes.fill(0xa5, (page - 1) * PAGE_BYTES, page * PAGE_BYTES));
    using database = Database.open({ directory: directory.path });
    const keys = database.prepare("SELECT key FROM meta").all().map((row) => row["key"]);
    assert.deepEqual(keys, page === 1 ? [DAMAGE_KEY, "kept"] : [DAMAGE_KEY]);
  });
}

Deno.test("Store skips a number that nobody has written, and saves the rows around it", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, soundDatabase());
  const sqlite = new DatabaseSync(path);
  sqlite.exec("UPDATE member SET beats = 9007199254740993 WHERE seq = 70");
  sqlite.close();
  using host = new VirtualHost(directory.path, new HandClock());
  host.store.load();
  assert.equal(host.hilbert.size, MEMBER_COUNT - 1);
  assert.equal(host.store.health().ok, true);
  assert.equal(host.store.warnings().length, 1);
});

Deno.test("Database does not look at all of a file that is larger than its limit", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Database.open({ directory: directory.path }).close();
  const sqlite = new DatabaseSync(path);
  const rows = Math.ceil(EXAMINED_BYTES_MAX / PAGE_BYTES);
  sqlite.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO meta SELECT 'key ' || i, hex(zeroblob(1900)) FROM n`);
  sqlite.close();
  assert.ok(Deno.statSync(path).size > EXAMINED_BYTES_MAX);
  using file = Deno.openSync(path, { write: true });
  file.seekSync(-8 * PAGE_BYTES, Deno.SeekMode.End);
  file.writeSync(new Uint8Array(8 * PAGE_BYTES).fill(0xa5));
  const places: string[] = [];
  const onRescue = ({ place }: { place: string }) => void places.push(place);
  Database.open({ directory: directory.path, onRescue }).close();
  assert.deepEqual(places, []);
});
