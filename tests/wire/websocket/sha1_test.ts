import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { sha1 } from "../../../src/wire/websocket/sha1.ts";

Deno.test("sha1 agrees with the runtime's own for every length around a block", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff);
    const expected = createHash("sha1").update(bytes).digest("hex");
    const digest = Array.from(sha1(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    assert.equal(digest, expected);
  }
});
