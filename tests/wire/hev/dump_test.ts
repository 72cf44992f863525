import { strict as assert } from "node:assert";
import { sniffDump } from "../../../src/wire/hev/dump.ts";
import { dumpBytes } from "./dumps.ts";

Deno.test("sniffDump tells the format of each recording that ships", () => {
  const names = ["byteArray.dump", "sample.txt", "dump-AA-20200526.dump", "B6-20200805.dump"];
  assert.deepEqual(names.map((name) => sniffDump(dumpBytes(name))), [
    "records",
    "rows",
    "payloads",
    "payloads",
  ]);
});

Deno.test("sniffDump knows rows without a header, and nothing else", () => {
  const encoder = new TextEncoder();
  assert.equal(sniffDump(encoder.encode("20.0,-1.5,3,4\n")), "rows");
  for (const text of ["", "hello", "b'", "b'zz'", "1 2 3 4"]) {
    assert.equal(sniffDump(encoder.encode(text)), undefined);
  }
  assert.equal(sniffDump(Uint8Array.of(0xa0)), undefined);
});
