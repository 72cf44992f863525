import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { fc } from "../packages/fast_check.ts";
import { DAMAGE_KEY } from "../../src/store/damage_note.ts";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { PAGE_BYTES } from "../../src/store/leaf_pages.ts";
import { Database } from "../../src/store/database.ts";
import { salvage, SALVAGE_MS_MAX } from "../../src/store/salvage.ts";
import { MIGRATIONS } from "../../src/store/schema.ts";
import type { Rescue } from "../../src/store/rescue.ts";
import { type Content, contentOf, fullDatabase } from "./full_database.ts";
import { temporaryDirectory } from "./virtual_host.ts";

const ROWS = 160;
const full = fullDatabase(ROWS);

/** Opens a damaged database as each start does, and reads what is in it then. */
function openDamaged(bytes: Uint8Array<ArrayBuffer>): { content: Content; rescue?: Rescue } {
  using directory = temporaryDirectory();
  const path = `${directory.path}/${DATABASE_FILE}`;
  Deno.writeFileSync(path, bytes);
  let rescue: Rescue | undefined;
  Database.open({ directory: directory.path, onRescue: (done) => void (rescue = done) }).close();
  const sqlite = new DatabaseSync(path);
  try {
    return { content: contentOf(sqlite), ...(rescue === undefined ? {} : { rescue }) };
  } finally {
    sqlite.close();
  }
}

/** How many rows of a table are there; every one must be as it was written. */
function rowsAsWritten(content: Content, table: string, what: string): number {
  let rows = 0;
  for (const [key, row] of content.get(table) ?? []) {
    if (table === "meta" && key === JSON.stringify([DAMAGE_KEY])) continue;
    assert.equal(row, full.content.get(table)?.get(key), `${what}: ${table} ${key}`);
    rows++;
  }
  return rows;
}

/** Rows of a table that lie on leaves which nothing has happened to. */
function rowsOnLeaves(table: string, isSound: (page: number) => boolean = () => true): number {
  return full.pages
    .filter((page) => page.table === table && !page.isIndex && page.type === "leaf")
    .filter(({ number }) => isSound(number))
    .reduce((sum, { cells }) => sum + cells, 0);
}

function withPage(number: number, fill: (offset: number) => number): Uint8Array<ArrayBuffer> {
  const bytes = full.bytes.slice();
  const start = (number - 1) * PAGE_BYTES;
  for (let offset = 0; offset < PAGE_BYTES; offset++) bytes[start + offset] = fill(offset);
  return bytes;
}

Deno.test("salvage has every table of the schema to work on, with leaves between others", () => {
  for (const { name } of full.tables) {
    const leaves = full.pages.filter(({ table, isIndex, type }) =>
      table === name && !isIndex && type === "leaf"
    );
    assert.ok(leaves.length >= 4, `${name} has ${leaves.length} leaves`);
  }
});

const FILLS = [
  ["zeros", () => 0],
  ["noise", (offset: number) => (offset * 197 + (offset >> 3) * 31 + 90) & 0xff],
] as const;

for (const { name } of full.tables) {
  Deno.test(`a bad page of "${name}" costs the rows on it and no others`, () => {
    for (const page of full.pages.filter(({ table }) => table === name)) {
      const [fillName, fill] = FILLS[page.number % FILLS.length] ?? FILLS[0];
      const where = page.isIndex ? " of an index" : "";
      const what = `${fillName} in page ${page.number} (${page.type}${where})`;
      const { content, rescue } = openDamaged(withPage(page.number, fill));
      assert.ok(rescue, what);
      for (const { name: other } of full.tables) {
        const rows = rowsAsWritten(content, other, what);
        assert.equal(rows, rescue.saved[other] ?? 0, what);
        const isHit = other === name && !page.isIndex;
        if (!isHit) assert.equal(rows, ROWS, `${what}: ${other}`);
        const least = rowsOnLeaves(other, (number) => number !== page.number);
        assert.ok(rows >= least, `${what}: ${rows} rows, ${least} on sound pages`);
      }
      assert.ok(content.get("meta")?.has(JSON.stringify([DAMAGE_KEY])), what);
    }
  });
}

for (const [what, number] of [["first", 1], ["last", full.bytes.length / PAGE_BYTES]] as const) {
  for (const [fillName, fill] of FILLS) {
    Deno.test(`a ${what} page of ${fillName} costs no row on another one`, () => {
      const { content, rescue } = openDamaged(withPage(number, fill));
      assert.ok(rescue);
      for (const { name } of full.tables) {
        const rows = rowsAsWritten(content, name, what);
        const least = rowsOnLeaves(name, (sound) => sound !== number);
        assert.ok(rows >= least, `${name}: ${rows} rows, ${least} on sound pages`);
      }
    });
  }
}

/** What can become of a page. */
const DAMAGES = {
  zeros: (page: Uint8Array) => void page.fill(0),
  noise: (page: Uint8Array, seed: number) => void page.set(noise(page.length, seed)),
} as const;

/** What nothing in the format tells of: rows may be those of others, numbers in them may be wrong. */
const SLY_DAMAGES = {
  ...DAMAGES,
  "another page": (page: Uint8Array, seed: number) => {
    const start = (seed % (full.bytes.length / PAGE_BYTES)) * PAGE_BYTES;
    page.set(full.bytes.subarray(start, start + PAGE_BYTES));
  },
  "a sector of zeros": (page: Uint8Array, seed: number) =>
    void page.fill(0, (seed % 8) * 512, (seed % 8) * 512 + 512),
  "a sector of noise": (page: Uint8Array, seed: number) =>
    page.set(noise(512, seed), (seed % 8) * 512),
  "one byte": (page: Uint8Array, seed: number) => {
    page[seed % page.length] = seed >>> 12;
  },
  "its end cut off": (page: Uint8Array, seed: number) => void page.fill(0, seed % page.length),
  "a pointer": (page: Uint8Array, seed: number) => {
    page[3 + seed % 16] = seed >>> 8;
  },
} as const;

function noise(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

type Damages = Readonly<Record<string, (page: Uint8Array, seed: number) => void>>;

interface Damage {
  hits: { page: number; kind: string; seed: number }[];
  /** Pages that are left. */
  pages: number | undefined;
}

/** Some pages that are damaged, and perhaps an end that is not there. */
function damagesOf(kinds: Damages): fc.Arbitrary<Damage> {
  const hit = fc.record({
    page: fc.nat({ max: full.bytes.length / PAGE_BYTES - 1 }),
    kind: fc.constantFrom(...Object.keys(kinds)),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  return fc.record({
    hits: fc.array(hit, { minLength: 1, maxLength: 8 }),
    pages: fc.option(fc.nat({ max: full.bytes.length / PAGE_BYTES }), { nil: undefined, freq: 8 }),
  });
}

function damaged({ hits, pages }: Damage): Uint8Array<ArrayBuffer> {
  const kinds: Damages = SLY_DAMAGES;
  const bytes = full.bytes.slice();
  for (const { page, kind, seed } of hits) {
    kinds[kind]?.(bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES), seed);
  }
  return pages === undefined ? bytes : bytes.slice(0, pages * PAGE_BYTES);
}

/** Bytes of a leaf before the places of its cells, and what a leaf with row numbers begins with. */
const LEAF_HEADER_BYTES = 8;
const ROWID_LEAF = 0x0d;

for (const { name } of full.tables) {
  const leaves = full.pages.filter(({ table, isIndex, type, number }) =>
    table === name && !isIndex && type === "leaf" &&
    full.bytes[(number - 1) * PAGE_BYTES] === ROWID_LEAF
  );
  // Where rows are ordered by their key, SQLite steps over no row that it cannot read.
  if (leaves.length === 0) continue;
  Deno.test(`bad rows of "${name}" cost no other ones, on their pages neither`, () => {
    const bytes = full.bytes.slice();
    const view = new DataView(bytes.buffer);
    // What lies between two of them is reached from neither end of the table.
    for (const leaf of [leaves[0], leaves.at(-1)]) {
      const page = ((leaf?.number ?? 0) - 1) * PAGE_BYTES;
      const last = page + view.getUint16(page + LEAF_HEADER_BYTES + 2 * ((leaf?.cells ?? 0) - 1));
      // It says that it is longer than any database.
      bytes.fill(0xff, last, last + 4);
    }
    const { content } = openDamaged(bytes);
    const left = rowsAsWritten(content, name, "last rows of two pages");
    assert.ok(left >= ROWS - 2, `${left} of ${ROWS} rows`);
  });
}

Deno.test("whatever pages are damaged, every row on another one is as it was written", () => {
  fc.assert(
    fc.property(damagesOf(DAMAGES), (damage) => {
      const { content } = openDamaged(damaged(damage));
      const hits = new Set(damage.hits.map(({ page }) => page + 1));
      for (const { name } of full.tables) {
        const rows = rowsAsWritten(content, name, "random pages");
        const isSound = (page: number) => !hits.has(page) && page <= (damage.pages ?? Infinity);
        assert.ok(rows >= rowsOnLeaves(name, isSound), `${rows} rows of ${name}`);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("whatever bytes are damaged, a start goes on", () => {
  fc.assert(
    fc.property(damagesOf(SLY_DAMAGES), (damage) => void openDamaged(damaged(damage))),
    { numRuns: 60 },
  );
});

Deno.test("salvage ends when its time is over, with what it has", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/full.db`;
  Deno.writeFileSync(path, full.bytes);
  const source = new DatabaseSync(path, { readOnly: true });
  const target = new DatabaseSync(":memory:");
  for (const step of MIGRATIONS) target.exec(step);
  let reads = 0;
  const now = () => reads++ < 2 ? 0 : SALVAGE_MS_MAX;
  const saved = salvage({ path, source, target, now });
  source.close();
  target.close();
  assert.deepEqual(Object.keys(saved), [full.tables[0]?.name]);
});

Deno.test("salvage takes no text that is not as somebody wrote it", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/full.db`;
  const source = new DatabaseSync(path);
  const target = new DatabaseSync(":memory:");
  for (const step of MIGRATIONS) {
    source.exec(step);
    target.exec(step);
  }
  source.exec(`INSERT INTO meta VALUES
    ('a NUL', CAST(x'610062' AS TEXT)), ('half a character', CAST(x'61c3' AS TEXT)), ('good', 'é')`);
  assert.deepEqual(salvage({ path, source, target }), { meta: 1 });
  assert.deepEqual(target.prepare("SELECT key FROM meta").all().map((row) => row["key"]), ["good"]);
  source.close();
  target.close();
});

Deno.test("deleted rows do not come back from pages that nothing names, where the table is whole", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/full.db`;
  Deno.writeFileSync(path, full.bytes);
  const sqlite = new DatabaseSync(path);
  sqlite.exec(`
    PRAGMA secure_delete = OFF;
    PRAGMA journal_mode = DELETE;
    DELETE FROM history WHERE rowid > (SELECT min(rowid) FROM history);
  `);
  sqlite.close();
  const bytes = Deno.readFileSync(path);
  // The header says that no page is free.
  bytes.fill(0, 32, 40);
  Deno.writeFileSync(path, bytes);
  const source = new DatabaseSync(path, { readOnly: true });
  const target = new DatabaseSync(":memory:");
  for (const step of MIGRATIONS) target.exec(step);
  assert.equal(salvage({ path, source, target })["history"], 1);
  source.close();
  target.close();
});
