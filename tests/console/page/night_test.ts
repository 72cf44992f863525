import { strict as assert } from "node:assert";
import { isNight } from "../../../src/console/page/night.ts";

Deno.test("isNight reads spans within a day and over midnight, and takes nothing else for one", () => {
  for (
    const [time, span, expected] of [
      ["21:00:00", "20-8", true],
      ["07:59:59", "20-8", true],
      ["08:00:00", "20-8", false],
      ["12:00:00", "20-8", false],
      ["19:45:00", "19:30-7:00", true],
      ["19:29:59", "19:30-7:00", false],
      ["13:00:00", "12-14", true],
      ["12:00:00", "", false],
      ["12:00:00", "always", false],
    ] as const
  ) assert.equal(isNight(time, span), expected, `${time} in ${span}`);
});
