import { strict as assert } from "node:assert";
import { parseQuery } from "../../../src/wire/hev/query.ts";

Deno.test("parseQuery says in a sentence what is wrong", () => {
  const reasons = ["{", "[]", "null", "{}", '{"type":"broadcast"}', '{"type":7}'].map((json) => {
    const query = parseQuery(json);
    return query.type === "refused" ? query.reason : query.type;
  });
  assert.deepEqual(reasons, [
    "Cannot take request: it is not JSON",
    "Cannot take request: it is not an object",
    "Cannot take request: it is not an object",
    "Cannot take request: it has no type",
    'Cannot take request: type is "broadcast"',
    "Cannot take request: type is 7",
  ]);
});

Deno.test("parseQuery quotes no more than the beginning of a foreign type", () => {
  const query = parseQuery(JSON.stringify({ type: "x".repeat(1000) }));
  assert.ok(query.type === "refused" && query.reason.length < 80);
});
