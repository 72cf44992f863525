import { strict as assert } from "node:assert";
import { leafPages, PAGE_BYTES } from "../../src/store/leaf_pages.ts";
import { temporaryDirectory } from "./virtual_host.ts";

const ROWID_LEAF = 0x0d;
const KEY_LEAF = 0x0a;
const FREE_LIST_AT = 32;

/** A file whose pages, from the first, begin with these numbers of 32 bits at these places. */
function fileOf(path: string, pages: readonly Readonly<Record<number, number>>[]): void {
  const bytes = new Uint8Array(pages.length * PAGE_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, numbers] of pages.entries()) {
    for (const [at, value] of Object.entries(numbers)) {
      view.setUint32(index * PAGE_BYTES + Number(at), value);
    }
  }
  Deno.writeFileSync(path, bytes);
}

const leaf = (kind: number) => ({ 0: kind * 2 ** 24 });

Deno.test("leafPages finds both kinds of leaves and passes over free pages", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/pages`;
  fileOf(path, [
    { [FREE_LIST_AT]: 4 },
    leaf(ROWID_LEAF),
    leaf(KEY_LEAF),
    // The free list: no further page of it, two free pages, and what an earlier list left behind.
    { 4: 2, 8: 5, 12: 6, 16: 2, 20: 3 },
    leaf(ROWID_LEAF),
    leaf(ROWID_LEAF),
    leaf(ROWID_LEAF),
  ]);
  const kinds = [...leafPages(path)].map(({ hasRowids }) => hasRowids);
  assert.deepEqual(kinds, [true, false, true]);
});

/** A free list as it may be, or as damage may leave it; each file ends with three leaves. */
const FREE_LISTS: Readonly<Record<string, [leaves: number, ...Record<number, number>[]]>> = {
  "none": [3, {}],
  "on the page after the header": [2, { [FREE_LIST_AT]: 2 }, { 4: 1, 8: 4 }],
  "on two pages": [1, { [FREE_LIST_AT]: 3 }, { 4: 1, 8: 5 }, { 0: 2, 4: 1, 8: 4 }],
  "that is the header itself": [3, { 4: 1, 8: 2, [FREE_LIST_AT]: 1 }],
  "beyond the end of the file": [3, { [FREE_LIST_AT]: 99 }],
  "that goes round": [2, { [FREE_LIST_AT]: 3 }, { 0: 3 }, { 0: 2, 4: 1, 8: 5 }],
};

for (const [name, [leaves, ...pages]] of Object.entries(FREE_LISTS)) {
  Deno.test(`leafPages passes over what is on a free list ${name}, and nothing else`, () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/pages`;
    fileOf(path, [...pages, leaf(ROWID_LEAF), leaf(ROWID_LEAF), leaf(KEY_LEAF)]);
    assert.equal([...leafPages(path)].length, leaves);
  });
}

Deno.test("leafPages reads no further than a page of the free list, whatever its count says", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/pages`;
  fileOf(path, [
    { [FREE_LIST_AT]: 3 },
    leaf(ROWID_LEAF),
    // More free pages than a page has room for; the last one there is room for is the fourth.
    { 4: 0xffff_ffff, [PAGE_BYTES - 4]: 4 },
    leaf(ROWID_LEAF),
  ]);
  assert.equal([...leafPages(path)].length, 1);
});
