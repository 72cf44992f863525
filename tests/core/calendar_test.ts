import { strict as assert } from "node:assert";
import { Calendar } from "../../src/core/calendar.ts";

const HOUR_MS = 3_600_000;

Deno.test("Calendar knows the days on which clocks are changed", () => {
  const calendar = new Calendar("Europe/Berlin");
  const hoursOf = (noon: string) => {
    const { name, from, to } = calendar.dayOf(Date.parse(noon));
    return [name, new Date(from).toISOString(), (to - from) / HOUR_MS];
  };
  assert.deepEqual(hoursOf("2026-03-29T12:00:00Z"), ["2026-03-29", "2026-03-28T23:00:00.000Z", 23]);
  assert.deepEqual(hoursOf("2026-10-25T12:00:00Z"), ["2026-10-25", "2026-10-24T22:00:00.000Z", 25]);
  assert.deepEqual(hoursOf("2026-11-27T12:00:00Z"), ["2026-11-27", "2026-11-26T23:00:00.000Z", 24]);
  // In Chile a day begins at one o'clock when clocks are set forward, and Lord Howe sets them by half.
  const chile = new Calendar("America/Santiago").dayOf(Date.parse("2026-09-06T12:00:00Z"));
  assert.deepEqual([chile.name, (chile.to - chile.from) / HOUR_MS], ["2026-09-06", 23]);
  const howe = new Calendar("Australia/Lord_Howe").dayOf(Date.parse("2026-10-04T02:00:00Z"));
  assert.deepEqual([howe.name, (howe.to - howe.from) / HOUR_MS], ["2026-10-04", 23.5]);
});

Deno.test("Calendar leaves no gap between days, in any zone", () => {
  for (
    const zone of ["Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12", "Africa/Cairo", "UTC"]
  ) {
    const days = new Calendar(zone).lastDays(Date.UTC(2026, 10, 27), 400);
    assert.equal(days.length, 400);
    for (const [index, day] of days.entries()) {
      if (index > 0) assert.equal(day.to, days[index - 1]?.from, `${zone} ${day.name}`);
      assert.ok(day.to > day.from);
    }
  }
});

Deno.test("Calendar has a day for whatever a clock shows", () => {
  const calendar = new Calendar("Europe/Berlin");
  assert.equal(calendar.dayOf(0).name, "1970-01-01");
  assert.equal(calendar.dayOf(-1e15).name, "1970-01-01");
  assert.equal(calendar.dayOf(1e18).name, "9998-12-31");
  assert.equal(calendar.lastDays(0, 400).length, 1);
});

Deno.test("Calendar takes the zone of its host", async () => {
  const url = new URL("../../src/core/calendar.ts", import.meta.url);
  const code = `import { Calendar } from "${url}"; const { timeZone, ...c } = new Calendar();
    console.log(timeZone, new Calendar().dayOf(Date.parse("2026-11-27T23:30:00Z")).name)`;
  const zoneOf = async (TZ: string) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", code],
      env: { TZ },
    }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assert.equal(await zoneOf("Europe/Berlin"), "Europe/Berlin 2026-11-28");
  assert.equal(await zoneOf("America/New_York"), "America/New_York 2026-11-27");
  assert.equal(await zoneOf("no/zone"), "UTC 2026-11-27");
});

Deno.test("Calendar has the same days for its host's zone as for that zone by its name", async () => {
  const url = new URL("../../src/core/calendar.ts", import.meta.url);
  const code = `import { Calendar } from "${url}"; const end = Date.UTC(2026, 10, 27);
    const [own, named] = [new Calendar(), new Calendar(Deno.env.get("TZ"))]
      .map((calendar) => [...calendar.lastDays(end, 400), calendar.dayOf(0), calendar.dayOf(1e18)]);
    console.log(JSON.stringify(own) === JSON.stringify(named), own.length)`;
  for (const TZ of ["America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "Etc/GMT+12"]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", code],
      env: { TZ },
    }).output();
    assert.equal(new TextDecoder().decode(stdout).trim(), "true 402", TZ);
  }
});
