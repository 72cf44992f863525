import { strict as assert } from "node:assert";
import { compareNames } from "../../src/core/name_order.ts";

Deno.test("compareNames orders names as people do", () => {
  const names = ["Hall 10", "hall 2", "Äpfel", "Zoo", "hall 1", "apfel 3"];
  assert.deepEqual(names.sort(compareNames), [
    "Äpfel",
    "apfel 3",
    "hall 1",
    "hall 2",
    "Hall 10",
    "Zoo",
  ]);
});

Deno.test("compareNames leaves names equal that differ in case or accents only", () => {
  assert.equal(compareNames("Foyer", "foyer"), 0);
  assert.equal(compareNames("Café", "cafe"), 0);
});
