import { strict as assert } from "node:assert";
import { Alarm } from "../../src/net/alarm.ts";
import { within } from "../support/tcp.ts";

Deno.test("Alarm sleeps no shorter than asked", async () => {
  using alarm = new Alarm();
  const startedAt = performance.now();
  await alarm.sleep(3.2);
  assert.ok(performance.now() - startedAt >= 3.2);
});

Deno.test("Alarm is woken early, and for good when closed", async () => {
  const alarm = new Alarm();
  alarm.wake();
  const sleep = alarm.sleep(3_600_000);
  alarm.wake();
  await within(sleep, "the sleeper wakes");
  const last = alarm.sleep(3_600_000);
  alarm.close();
  alarm.close();
  await within(last, "the sleeper wakes");
  await within(alarm.sleep(3_600_000), "nobody sleeps any more");
});
