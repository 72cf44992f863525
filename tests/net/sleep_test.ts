import { strict as assert } from "node:assert";
import { Sleep } from "../../src/net/sleep.ts";
import { within } from "../support/tcp.ts";

Deno.test("Sleep sleeps no shorter than asked", async () => {
  using alarm = new Sleep();
  const startedAt = performance.now();
  await alarm.sleep(3.2);
  assert.ok(performance.now() - startedAt >= 3.2);
});

Deno.test("Sleep is woken early, and for good when closed", async () => {
  const alarm = new Sleep();
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
