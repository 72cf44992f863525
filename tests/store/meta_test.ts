import { strict as assert } from "node:assert";
import { Database } from "../../src/store/database.ts";
import { Meta, META_KEYS_MAX, META_VALUE_LENGTH_MAX } from "../../src/store/meta.ts";

/** What another run finds. */
function storedIn(database: Database): Meta {
  const meta = new Meta();
  meta.load(database);
  return meta;
}

function write(meta: Meta, database: Database): void {
  database.transaction("kill", () => meta.write(database));
  meta.settle();
}

Deno.test("Meta takes values up to their longest, and one key no more than its most", () => {
  const meta = new Meta();
  const longest = "x".repeat(META_VALUE_LENGTH_MAX);
  meta.set("key 0", longest);
  assert.equal(meta.get("key 0"), longest);
  assert.throws(
    () => meta.set("key 0", `${longest}x`),
    /^RangeError: Cannot set "key 0": .* 4097, must be <= 4096$/,
  );
  for (let key = 1; key < META_KEYS_MAX; key++) meta.set(`key ${key}`, "a");
  assert.throws(() => meta.set("one more", "a"), /^RangeError: .*: there are 1000 keys already$/);
  meta.set("key 1", "b");
  assert.equal(meta.get("key 1"), "b", "a key that is there can change");
  meta.set("key 0", undefined);
  meta.set("one more", "a");
  assert.equal(meta.get("one more"), "a");
});

Deno.test("Meta writes what changed, and each key of a table that is written anew", () => {
  using database = Database.open();
  const meta = new Meta();
  assert.equal(meta.changed, false);
  meta.set("stays", "1");
  meta.set("goes", "2");
  assert.equal(meta.changed, true);
  write(meta, database);
  assert.equal(meta.changed, false);
  meta.set("goes", undefined);
  meta.set("comes", "3");
  write(meta, database);
  // While nobody writes, more keys come and go than are remembered one by one.
  for (let key = 0; key <= 2 * META_KEYS_MAX; key++) {
    meta.set(`brief ${key}`, "4");
    meta.set(`brief ${key}`, undefined);
  }
  meta.set("stays", undefined);
  write(meta, database);
  const stored = storedIn(database);
  assert.equal(stored.restored, true);
  assert.equal(stored.get("comes"), "3");
  for (const key of ["stays", "goes", "brief 0"]) assert.equal(stored.get(key), undefined, key);
});

Deno.test("Meta prefers what this run has set to what an earlier one had", () => {
  using database = Database.open();
  const earlier = new Meta();
  earlier.set("kept", "old");
  earlier.set("changed", "old");
  earlier.set("deleted", "old");
  write(earlier, database);
  const meta = new Meta();
  meta.set("changed", "new");
  // It has no value yet, and is to have none.
  meta.set("deleted", undefined);
  assert.equal(meta.restored, false);
  meta.load(database);
  meta.endRestoring();
  assert.equal(meta.restored, true);
  assert.equal(meta.get("kept"), "old");
  assert.equal(meta.get("changed"), "new");
  assert.equal(meta.get("deleted"), undefined);
});
