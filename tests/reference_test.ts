import { strict as assert } from "node:assert";
import { generatedPages } from "../scripts/docs/reference.ts";

Deno.test("pages that are made from the code are as new as the code (deno task reference)", async () => {
  for (const [path, text] of await generatedPages()) {
    const there = await Deno.readTextFile(new URL(`../${path}`, import.meta.url));
    assert.equal(there, text, `${path} is older than the code: deno task reference`);
  }
});
