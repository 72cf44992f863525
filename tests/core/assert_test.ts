import { strict as nodeAssert } from "node:assert";
import { assert, AssertionError } from "../../src/core/assert.ts";

Deno.test("assert lets what is true pass", () => {
  assert(true, "nothing is wrong");
});

Deno.test("assert throws the broken invariant as an AssertionError", () => {
  nodeAssert.throws(
    () => assert(false, "a queue has an end"),
    (error) =>
      error instanceof AssertionError && error.name === "AssertionError" &&
      error.message === "Invariant broken: a queue has an end",
  );
});
