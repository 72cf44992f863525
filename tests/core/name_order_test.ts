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

Deno.test("compareNames gives names one order that differ in case or accents only", () => {
  for (
    const [one, other] of [["Foyer", "foyer"], ["Cafe", "Café"], ["hall 02", "hall 2"]] as const
  ) {
    assert.equal(compareNames(one, other), -1);
    assert.equal(compareNames(other, one), 1);
  }
  assert.equal(compareNames("foyer", "foyer"), 0);
});
