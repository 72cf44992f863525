/**
 * Finds the pages of a database file that may hold rows, without following its trees.
 *
 * @module
 */

/** Bytes of a page: SQLite's default. */
export const PAGE_BYTES = 4_096;

/**
 * The tree that a leaf page belongs to: one of rowids, or one of keys (indexes, and tables without
 * rowids).
 */
export interface LeafPage {
  readonly hasRowids: boolean;
  readonly bytes: Uint8Array;
}

/** First byte of a leaf in a tree of rowids, and in a tree of keys. */
const ROWID_LEAF = 0x0d;
const KEY_LEAF = 0x0a;
/** Where the first page stores the number of the first free-list page. */
const FREE_LIST_AT = 32;
/** Layout of a free-list page: the next such page, the number of entries, the page numbers. */
const FREE_HEAD_NUMBERS = 2;

/** All leaf pages in the order of the file, except free ones. */
export function* leafPages(path: string): Generator<LeafPage> {
  using file = Deno.openSync(path);
  const free = freePages(file);
  const bytes = new Uint8Array(PAGE_BYTES);
  // The first page begins with the file header and holds only the rows of the schema.
  for (let number = 2; readPage(file, number, bytes); number++) {
    const [kind] = bytes;
    if (free.has(number) || (kind !== ROWID_LEAF && kind !== KEY_LEAF)) continue;
    yield { hasRowids: kind === ROWID_LEAF, bytes };
  }
}

/** Numbers of the free pages, which hold deleted rows. Empty if the free list cannot be read. */
function freePages(file: Deno.FsFile): Set<number> {
  const free = new Set<number>();
  const bytes = new Uint8Array(PAGE_BYTES);
  const numbers = new DataView(bytes.buffer);
  if (!readPage(file, 1, bytes)) return free;
  let list = numbers.getUint32(FREE_LIST_AT);
  while (list > 1 && !free.has(list) && readPage(file, list, bytes)) {
    free.add(list);
    const count = Math.min(numbers.getUint32(4), PAGE_BYTES / 4 - FREE_HEAD_NUMBERS);
    for (let index = 0; index < count; index++) {
      free.add(numbers.getUint32(4 * (FREE_HEAD_NUMBERS + index)));
    }
    list = numbers.getUint32(0);
  }
  return free;
}

/** Reads one page, from 1. False if the file ends before the page does. */
function readPage(file: Deno.FsFile, number: number, bytes: Uint8Array): boolean {
  file.seekSync((number - 1) * PAGE_BYTES, Deno.SeekMode.Start);
  let length = 0;
  while (length < bytes.length) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) return false;
    length += read;
  }
  return true;
}
