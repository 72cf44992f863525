import { strict as assert } from "node:assert";
import { messageOf } from "../../src/core/message_of.ts";

Deno.test("messageOf words whatever was thrown", () => {
  assert.equal(messageOf(new TypeError("Cannot do it")), "Cannot do it");
  assert.equal(messageOf("out of order"), "out of order");
  assert.equal(messageOf(undefined), "undefined");
});
