import { strict as assert } from "node:assert";
import { settlesWithin, Sleep, sleep } from "../../src/net/sleep.ts";
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

Deno.test("sleep ends with its signal or its time", async () => {
  const ending = new AbortController();
  const waiting = sleep(Infinity, ending.signal);
  ending.abort();
  await within(waiting, "the sleep ends");
  await within(sleep(1e12, ending.signal), "a sleep with a signal that came is none");
  const startedAt = performance.now();
  await within(sleep(3.2), "the sleep ends");
  assert.ok(performance.now() - startedAt >= 3.2);
});

Deno.test("settlesWithin waits for work, but no longer than told", async () => {
  const work = Promise.withResolvers<void>();
  assert.equal(await settlesWithin(work.promise, 1), false);
  const waiting = settlesWithin(work.promise, 3_600_000);
  work.resolve();
  assert.equal(await within(waiting, "the work is done"), true);
  await assert.rejects(settlesWithin(Promise.reject(new Error("no")), 1), { message: "no" });
});
