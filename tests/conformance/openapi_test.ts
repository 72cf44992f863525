/** The API's document, as a validator reads it that nobody here wrote. */

import { strict as assert } from "node:assert";
import { setUp } from "../console/bench.ts";
import { Validator } from "../packages/openapi_schema_validator.ts";

async function document(): Promise<Record<string, unknown>> {
  using bench = setUp();
  return await (await bench.request("/openapi.json")).json();
}

Deno.test("GET /openapi.json is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(await document());
  assert.ok(valid, JSON.stringify(errors, undefined, 2));
  assert.equal(validator.version, "3.1");
});

Deno.test("the validator finds what is no OpenAPI", async () => {
  const broken = { ...await document(), paths: { "/x": { get: { responses: 7 } } } };
  assert.equal((await new Validator().validate(broken)).valid, false);
});
