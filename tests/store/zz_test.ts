import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { DAMAGE_KEY } from "../../src/store/damage_warning.ts";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { Database } from "../../src/store/database.ts";
import { salvage, SALVAGE_MS_MAX } from "../../src/store/salvage.ts";
import { MIGRATIONS } from "../../src/store/schema.ts";
import type { Rescue } from "../../src/store/rescue.ts";
import { type Content, contentOf, fullDatabase, PAGE_BYTES } from "./full_database.ts";
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

const FILLS: readonly (readonly [string, (offset: number) => number])[] = [
  ["zeros", () => 0],
  ["noise", (offset) => (offset * 197 + (offset >> 3) * 31 + 90) & 0xff],
];

for (const { name } of full.tables) {
  for (const [fillName, fill] of FILLS) {
    Deno.test(`a page of ${fillName} in "${name}" costs the rows on it and no others`, () => {
      for (const page of full.pages.filter(({ table }) => table === name)) {
        const what = `page ${page.number} (${page.type}${page.isIndex ? " of an index" : ""})`;
        const { content, rescue } = openDamaged(withPage(page.number, fill));
        assert.ok(rescue, what);
        for (const { name: other } of full.tables) {
          const rows = rowsAsWritten(content, other, what);
          assert.equal(rows, rescue.saved[other] ?? 0, what);
          if (other !== name || page.isIndex) assert.equal(rows, ROWS, `${what}: ${other}`);
          else if (page.type === "leaf") {
            assert.ok(rows >= ROWS - page.cells - 2, `${what}: ${rows}`);
          }
        }
        assert.ok(content.get("meta")?.has(JSON.stringify([DAMAGE_KEY])), what);
      }
    });
  }
}

// Keys of several columns have too many places between two of them to try: there, the ends are kept.
for (const { name } of full.tables.filter(({ key }) => key.length === 1)) {
  Deno.test(`leaves of "${name}" between damaged ones are found`, () => {
    const leaves = full.pages.filter(({ table, isIndex, type }) =>
      table === name && !isIndex && type === "leaf"
    );
    const damaged = leaves.filter((_, index) => index % 2 === 1);
    const bytes = full.bytes.slice();
    for (const { number } of damaged) {
      bytes.fill(0xa5, (number - 1) * PAGE_BYTES, number * PAGE_BYTES);
    }
    const { content } = openDamaged(bytes);
    const lost = damaged.reduce((sum, { cells }) => sum + cells + 2, 0);
    const rows = rowsAsWritten(content, name, "every second leaf");
    assert.ok(rows >= ROWS - lost, `${rows} of ${ROWS}, ${lost} are on damaged pages`);
  });
}

for (const { name } of full.tables) {
  Deno.test(`rows of "${name}" before and behind damaged pages are kept`, () => {
    const leaves = full.pages.filter(({ table, isIndex, type }) =>
      table === name && !isIndex && type === "leaf"
    );
    const bytes = full.bytes.slice();
    const damaged = leaves.slice(1, -1);
    for (const { number } of damaged) {
      bytes.fill(0xa5, (number - 1) * PAGE_BYTES, number * PAGE_BYTES);
    }
    const { content } = openDamaged(bytes);
    const kept = (leaves.at(0)?.cells ?? 0) + (leaves.at(-1)?.cells ?? 0);
    const rows = rowsAsWritten(content, name, "all but the first and the last leaf");
    assert.ok(rows >= kept, `${rows} of ${ROWS}, ${kept} are on sound leaves`);
  });
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

Deno.test("whatever pages are damaged, a start goes on, and every row is as it was written", () => {
  fc.assert(
    fc.property(damagesOf(DAMAGES), (damage) => {
      const { content } = openDamaged(damaged(damage));
      for (const { name } of full.tables) rowsAsWritten(content, name, "random pages");
    }),
    { numRuns: 1500 },
  );
});

Deno.test("whatever bytes are damaged, a start goes on", () => {
  fc.assert(
    fc.property(damagesOf(SLY_DAMAGES), (damage) => void openDamaged(damaged(damage))),
    { numRuns: 1000 },
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
  const saved = salvage(source, target, () => reads++ < 2 ? 0 : SALVAGE_MS_MAX);
  source.close();
  target.close();
  assert.deepEqual(Object.keys(saved), [full.tables[0]?.name]);
});
