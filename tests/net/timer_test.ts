import { strict as assert } from "node:assert";
import { Patience, Timer, TIMER_STEP_MS_MAX } from "../../src/net/timer.ts";
import { within } from "../support/tcp.ts";

const YEAR_MS = 365.25 * 86_400_000;

/** The runtime's timers as they are, except that years pass at once: waits above 31 bits are none. */
class VirtualTime implements Disposable {
  now = 0;
  readonly #real = { setTimeout, clearTimeout, now: performance.now };
  readonly #armed = new Map<number, { at: number; callback: () => void }>();
  armed = 0;

  constructor() {
    globalThis.setTimeout = ((callback: () => void, ms: number) => {
      const waitMs = Number.isFinite(ms) && ms <= TIMER_STEP_MS_MAX ? ms : 1;
      this.#armed.set(++this.armed, { at: this.now + waitMs, callback });
      return this.armed;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout =
      ((id: number) => this.#armed.delete(id)) as unknown as typeof clearTimeout;
    performance.now = () => this.now;
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const [next] = [...this.#armed].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > until) break;
      this.#armed.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].callback();
    }
    this.now = until;
  }

  get waiting(): number {
    return this.#armed.size;
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#real.setTimeout;
    globalThis.clearTimeout = this.#real.clearTimeout;
    performance.now = this.#real.now;
  }
}

for (const waitMs of [0, 1, 1_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5, 1e11, 100 * YEAR_MS]) {
  Deno.test(`Timer calls back after ${waitMs} ms, once and not before`, () => {
    using time = new VirtualTime();
    const calls: number[] = [];
    Timer.after(waitMs, () => calls.push(time.now));
    if (waitMs > 1) time.pass(waitMs - 1);
    assert.deepEqual(calls, []);
    time.pass(2);
    assert.deepEqual(calls, [waitMs]);
    time.pass(2 * YEAR_MS);
    assert.equal(calls.length, 1);
  });
}

Deno.test("Timer never calls back after Infinity, and arms nothing", () => {
  using time = new VirtualTime();
  Timer.after(Infinity, () => assert.fail("never"));
  Timer.every(Infinity, () => assert.fail("never"));
  time.pass(1_000 * YEAR_MS);
  assert.equal(time.armed, 0);
});

Deno.test("Timer takes the past for now, and refuses what is not a number", () => {
  using time = new VirtualTime();
  let calls = 0;
  Timer.after(-5, () => calls++);
  Timer.after(-Infinity, () => calls++);
  time.pass(1);
  assert.equal(calls, 2);
  assert.throws(() => Timer.after(NaN, () => undefined), RangeError);
  assert.throws(() => Timer.every(NaN, () => undefined), RangeError);
});

Deno.test("Timer calls back at multiples of an interval, and leaves out what was missed", () => {
  using time = new VirtualTime();
  const calls: number[] = [];
  const timer = Timer.every(100, () => {
    calls.push(time.now);
    // The process does not run for a while.
    if (calls.length === 2) time.now += 330;
  });
  time.pass(700);
  assert.deepEqual(calls, [100, 200, 530, 600, 700]);
  timer.stop();
  time.pass(1_000);
  assert.equal(calls.length, 5);
});

Deno.test("Timer of a long interval does not spin", () => {
  using time = new VirtualTime();
  let calls = 0;
  using _ = Timer.every(1e12, () => calls++);
  time.pass(1e12);
  assert.equal(calls, 1);
  assert.ok(time.armed < 500, `${time.armed} timers`);
});

Deno.test("Timer is stopped at any step", () => {
  using time = new VirtualTime();
  const timer = Timer.after(1e12, () => assert.fail("stopped"));
  time.pass(5e11);
  timer.stop();
  timer.stop();
  assert.equal(time.waiting, 0);
  time.pass(1e12);
});

Deno.test("Patience tells time from signal", async () => {
  using brief = new Patience(1);
  await within(
    new Promise((resolve) => brief.signal.addEventListener("abort", resolve)),
    "the time is over",
  );
  assert.equal(brief.isOver, true);
  assert.equal((brief.signal.reason as Error).name, "TimeoutError");

  const other = new AbortController();
  using patience = new Patience(1e12, other.signal);
  assert.equal(patience.signal.aborted, false);
  other.abort("enough");
  assert.equal(patience.signal.reason, "enough");
  assert.equal(patience.isOver, false);
  using late = new Patience(1e12, other.signal);
  assert.equal(late.signal.aborted, true);
});
