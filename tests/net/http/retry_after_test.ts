import { strict as assert } from "node:assert";
import { parseRetryAfter } from "../../../src/net/http/retry_after.ts";

const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const DATE_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

Deno.test("parseRetryAfter reads seconds, fractions and every form of a date", () => {
  const cases: [string, number | undefined][] = [
    ["0", 0],
    ["120", 120_000],
    [" 120 ", 120_000],
    ["1.5", 1_500],
    ["0.25", 250],
    ["Sun, 06 Nov 1994 08:50:37 GMT", 60_000],
    ["Sunday, 06-Nov-94 08:50:37 GMT", 60_000],
    ["Sun Nov  6 08:50:37 1994", 60_000],
    ["Sun, 06 Nov 1994 08:00:00 GMT", 0],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1e3", undefined],
    ["5, 6", undefined],
    ["2026", 2_026_000],
    ["Sun, 99 Foo 1994", undefined],
  ];
  for (const [text, expected] of cases) {
    assert.equal(parseRetryAfter(text, null, DATE_MS), expected, JSON.stringify(text));
  }
});

Deno.test("parseRetryAfter measures a date from the response's own, whatever the client's clock", () => {
  assert.equal(parseRetryAfter("Sun, 06 Nov 1994 08:49:47 GMT", DATE, 0), 10_000);
  assert.equal(parseRetryAfter("Sun, 06 Nov 1994 08:49:47 GMT", "nonsense", DATE_MS), 10_000);
});
