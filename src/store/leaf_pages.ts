/**
 * The pages of a database file that may hold rows, found without the trees that they belong to.
 *
 * @module
 */

/** Bytes of a page, as SQLite makes them where nobody asks for others. */
export const PAGE_BYTES = 4_096;

/** A page of rows: of a tree of rowids, or of a tree of keys, as tables without rowids and indexes are. */
export interface LeafPage {
  readonly hasRowids: boolean;
  readonly bytes: Uint8Array;
}

/** First byte of a leaf in a tree of rowids, and in one of keys. */
const ROWID_LEAF = 0x0d;
const KEY_LEAF = 0x0a;
/** Where the first page says which page lists free ones. */
const FREE_LIST_AT = 32;
/** Each list of free pages: the next list, how many pages this one has, and their numbers. */
const FREE_HEAD_NUMBERS = 2;

/** All leaves of a file in the order of the file, apart from those that are free. */
export function* leafPages(path: string): Generator<LeafPage> {
  using file = Deno.openSync(path);
  const free = freePages(file);
  const bytes = new Uint8Array(PAGE_BYTES);
  // The first page begins with the head of the file, and holds no rows but those of the schema.
  for (let number = 2; readPage(file, number, bytes); number++) {
    const [kind] = bytes;
    if (free.has(number) || (kind !== ROWID_LEAF && kind !== KEY_LEAF)) continue;
    yield { hasRowids: kind === ROWID_LEAF, bytes };
  }
}

/** Numbers of the pages that are free: what is in them was deleted. Empty if nobody can tell. */
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
