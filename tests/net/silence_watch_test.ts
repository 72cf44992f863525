import { strict as assert } from "node:assert";
import { SilenceWatch } from "../../src/net/silence_watch.ts";
import { sleep } from "../../src/net/sleep.ts";
import { until } from "../support/tcp.ts";

Deno.test("SilenceWatch tells of each silence once, and of none while something is heard", async () => {
  let silences = 0;
  using watch = new SilenceWatch(60, () => silences++);
  const startedAt = performance.now();
  while (performance.now() - startedAt < 200) {
    const lastAt = performance.now();
    watch.heard();
    await sleep(5);
    // On a machine that stood still there was a silence.
    if (performance.now() - lastAt > 50) return;
  }
  assert.equal(silences, 0);
  await until(() => silences === 1, "silence");
  await sleep(130);
  assert.equal(silences, 1, "once");
  watch.heard();
  await until(() => silences === 2, "the next one");
});

Deno.test("SilenceWatch tells nothing for ever, or when it is over", async () => {
  let silences = 0;
  using _never = new SilenceWatch(Infinity, () => silences++);
  const watch = new SilenceWatch(1, () => silences++);
  watch[Symbol.dispose]();
  watch.heard();
  await sleep(20);
  assert.equal(silences, 0);
});
