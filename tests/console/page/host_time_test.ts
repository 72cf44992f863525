import { strict as assert } from "node:assert";
import {
  hostMinute,
  morningAfter,
  periodAt,
  periodQuery,
  PERIODS,
} from "../../../src/console/page/host_time.ts";

Deno.test("the page names minutes and mornings of the host, whatever the browser's zone is", () => {
  for (
    const [at, zone, minute, morning] of [
      ["2026-11-29T17:30:00Z", "Europe/Berlin", "2026-11-29T18:30", "2026-11-30T09:00"],
      // There it is the next day already, or still the one before.
      ["2026-11-29T23:30:00Z", "Europe/Berlin", "2026-11-30T00:30", "2026-12-01T09:00"],
      ["2026-11-29T23:30:00Z", "America/New_York", "2026-11-29T18:30", "2026-11-30T09:00"],
      ["2026-12-31T11:00:00Z", "Pacific/Auckland", "2027-01-01T00:00", "2027-01-02T09:00"],
      // The night of which one hour is missing.
      ["2026-03-28T20:00:00Z", "Europe/Berlin", "2026-03-28T21:00", "2026-03-29T09:00"],
      ["2026-02-28T12:00:00Z", "UTC", "2026-02-28T12:00", "2026-03-01T09:00"],
    ] as const
  ) {
    assert.equal(hostMinute(Date.parse(at), zone), minute);
    assert.equal(morningAfter(Date.parse(at), zone), morning);
  }
});

Deno.test("the last month of a report is that of the host's calendar", () => {
  for (
    const [at, zone, query] of [
      ["2026-11-29T17:30:00Z", "Europe/Berlin", "from=2026-10-01&to=2026-10-31"],
      ["2026-11-30T23:30:00Z", "Europe/Berlin", "from=2026-11-01&to=2026-11-30"],
      ["2026-11-30T23:30:00Z", "UTC", "from=2026-10-01&to=2026-10-31"],
      ["2027-01-15T00:00:00Z", "UTC", "from=2026-12-01&to=2026-12-31"],
      ["2028-03-01T12:00:00Z", "UTC", "from=2028-02-01&to=2028-02-29"],
    ] as const
  ) assert.equal(periodQuery("last-month", Date.parse(at), zone), query);
  assert.deepEqual(
    PERIODS.map((period) => periodAt(period)),
    [...PERIODS],
  );
  assert.equal(periodQuery(periodAt("nonsense"), 0, "UTC"), "days=7");
});
