import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { formatIdentity, isValidName, parseIdentity } from "../../../src/wire/hilbert/identity.ts";

Deno.test("parseIdentity undoes formatIdentity for any name", () => {
  fc.assert(fc.property(fc.string(), fc.ipV4(), (name, address) => {
    assert.deepEqual(parseIdentity(formatIdentity(name, address)), { name, address });
  }));
});

Deno.test("parseIdentity refuses what has no address", () => {
  for (const text of ["", "tetris", "tetris @ ", "tetris@127.0.0.1"]) {
    assert.equal(parseIdentity(text), undefined);
  }
});

Deno.test("parseIdentity takes an empty name", () => {
  assert.deepEqual(parseIdentity(" @ 10.0.0.1"), { name: "", address: "10.0.0.1" });
});

Deno.test("isValidName counts bytes, not letters", () => {
  assert(isValidName("n".repeat(512)));
  assert(isValidName("€".repeat(170)));
  assert(!isValidName("€".repeat(171)));
  assert(!isValidName("n".repeat(513)));
});

Deno.test("isValidName refuses control characters", () => {
  for (const code of [0, 9, 10, 13, 27, 0x1f, 0x7f, 0x80, 0x9f]) {
    assert(!isValidName(`a${String.fromCharCode(code)}`));
  }
  for (const code of [0x20, 0x7e, 0xa0]) assert(isValidName(`a${String.fromCharCode(code)}`));
});
