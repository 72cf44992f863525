import { strict as assert } from "node:assert";
import { NameTable } from "../../../src/wire/hev/name_table.ts";

Deno.test("NameTable looks up both ways and is case-sensitive", () => {
  const table = new NameTable(" IDLE=0\n INHALE=5 ");
  assert.equal(table.code("INHALE"), 5);
  assert.equal(table.code("inhale"), undefined);
  assert.equal(table.name(0), "IDLE");
  assert.equal(table.name(1), undefined);
  assert.deepEqual(table.names, ["IDLE", "INHALE"]);
  assert.equal(String(new NameTable(`${table} MORE=6`)), "IDLE=0 INHALE=5 MORE=6");
});

Deno.test("NameTable knows nothing that objects inherit", () => {
  const table = new NameTable("IDLE=0");
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(table.code(name), undefined);
  }
});

Deno.test("NameTable refuses malformed pairs and repetitions", () => {
  for (const text of ["", "IDLE", "IDLE=x", "=1", "IDLE=0 IDLE=1", "IDLE=0 INHALE=0"]) {
    assert.throws(() => new NameTable(text), SyntaxError);
  }
});
