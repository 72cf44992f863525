import { strict as assert } from "node:assert";
import { findLimits } from "../scripts/docs/limits.ts";
import { generatedPages } from "../scripts/docs/reference.ts";

Deno.test("pages that are made from the code are as new as the code (deno task reference)", async () => {
  for (const [path, text] of await generatedPages()) {
    const there = await Deno.readTextFile(new URL(`../${path}`, import.meta.url));
    assert.equal(there, text, `${path} is older than the code: deno task reference`);
  }
});

Deno.test("every limit says in a sentence what it limits", async () => {
  const limits = await findLimits(new URL("../src/", import.meta.url));
  assert(limits.length > 100, `${limits.length} limits`);
  const silent = limits.filter(({ text }) => text === "").map(({ path, name }) =>
    `${path}: ${name}`
  );
  assert.deepEqual(silent, []);
});
