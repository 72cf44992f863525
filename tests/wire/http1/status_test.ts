import { strict as assert } from "node:assert";
import { STATUS_CODES } from "node:http";
import { httpDate, mayHaveBody, reasonPhrase } from "../../../src/wire/http1/status.ts";

/** What RFC 9110 calls otherwise than Node, which has older names for some. */
const RENAMED: Readonly<Record<string, string>> = {
  413: "Content Too Large",
  422: "Unprocessable Content",
};

Deno.test("reasonPhrase gives the words of the specification, and none for a code without", () => {
  const known = [];
  for (let status = 100; status < 600; status++) {
    const phrase = reasonPhrase(status);
    if (phrase === "") continue;
    known.push(status);
    assert.equal(phrase, RENAMED[status] ?? STATUS_CODES[status], String(status));
  }
  assert.ok(known.length >= 30, `${known.length} codes`);
  for (const status of [99, 299, 418.5, 600]) assert.equal(reasonPhrase(status), "");
});

Deno.test("mayHaveBody is false for what informs, for no content and for what is not modified", () => {
  const without = Array.from({ length: 500 }, (_, index) => index + 100)
    .filter((status) => !mayHaveBody(status));
  assert.deepEqual(without, [...Array.from({ length: 100 }, (_, index) => index + 100), 204, 304]);
});

Deno.test("httpDate writes a moment as the specification does", () => {
  assert.equal(httpDate(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
});
