import { strict as assert } from "node:assert";
import { COMMIT_INTERVAL_MS, CommitTimer } from "../../src/store/commit_timer.ts";
import { until } from "../support/tcp.ts";

/** A clock on which an interval passes with each look. */
class HastyClock {
  #now = 0;

  now(): number {
    this.#now += COMMIT_INTERVAL_MS;
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }
}

// A timer that is left behind fails these tests.
const OPTIONS = { sanitizeOps: true };

Deno.test("CommitTimer calls back again and again until it is closed", OPTIONS, async () => {
  let calls = 0;
  const timer = new CommitTimer({
    clock: new HastyClock(),
    onDue: () => ++calls < 0,
  });
  timer.start();
  timer.start();
  await until(() => calls >= 5, "five calls");
  timer.close();
});

Deno.test("CommitTimer that is closed does not start", OPTIONS, () => {
  const timer = new CommitTimer({ clock: new HastyClock(), onDue: () => false });
  timer.close();
  timer.start();
  timer.close();
});

Deno.test("CommitTimer may be closed by what it calls", OPTIONS, async () => {
  let calls = 0;
  const timer: CommitTimer = new CommitTimer({
    clock: new HastyClock(),
    onDue: () => {
      calls++;
      timer.close();
      return true;
    },
  });
  timer.start();
  await until(() => calls > 0, "a call");
  assert.equal(calls, 1);
});
