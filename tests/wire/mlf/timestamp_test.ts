import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { formatTimestamp, parseTimestamp } from "../../../src/wire/mlf/timestamp.ts";

Deno.test("parseTimestamp compares whole stamps, not their fractions", () => {
  const older = parseTimestamp("2022-04-04 16:01:41.900000") ?? 0;
  const newer = parseTimestamp("2022-04-04 16:01:42.100000") ?? 0;
  assert.equal(newer - older, 200_000);
  const next = parseTimestamp("2022-04-04 16:01:41.900001") ?? 0;
  assert.equal(next - older, 1);
});

Deno.test("parseTimestamp counts as the calendar does", () => {
  const date = fc.date({
    min: new Date("1800-01-01T00:00:00Z"),
    max: new Date("2200-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  const origin = new Date("2000-01-01T00:00:00Z").getTime();
  const originMicros = parseTimestamp("2000-01-01 00:00:00") ?? 0;
  fc.assert(fc.property(date, (moment) => {
    const text = formatTimestamp({
      year: moment.getUTCFullYear(),
      month: moment.getUTCMonth() + 1,
      day: moment.getUTCDate(),
      hour: moment.getUTCHours(),
      minute: moment.getUTCMinutes(),
      second: moment.getUTCSeconds(),
      micros: moment.getUTCMilliseconds() * 1_000,
    });
    assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    assert.equal((parseTimestamp(text) ?? 0) - originMicros, (moment.getTime() - origin) * 1_000);
  }));
});

Deno.test("parseTimestamp refuses what is no time", () => {
  for (const text of ["", "now", "2022-13-01 00:00:00", "2022-00-01 00:00:00"]) {
    assert.equal(parseTimestamp(text), undefined, text);
  }
  for (const text of ["1900-02-29 00:00:00", "2022-01-01 24:00:00", "2022-01-01 00:60:00"]) {
    assert.equal(parseTimestamp(text), undefined, text);
  }
  assert.notEqual(parseTimestamp("2000-02-29T00:00:00.1"), undefined);
});
