import { strict as assert } from "node:assert";
import { ClientError } from "../../src/core/client_error.ts";

Deno.test("ClientError keeps why, in a word and a sentence, and what was underneath", () => {
  const cause = new Error("os error 111");
  const error = new ClientError("refused", "Nothing listens there", { cause });
  assert.deepEqual([error.kind, error.message, error.cause], [
    "refused",
    "Nothing listens there",
    cause,
  ]);
  assert.ok(error instanceof Error);
});
