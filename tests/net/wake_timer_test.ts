import { strict as assert } from "node:assert";
import { LeaseTable } from "../../src/core/lease_table.ts";
import { CoarseClock } from "../../src/net/tcp/coarse_clock.ts";
import { Deadlines } from "../../src/net/tcp/deadlines.ts";
import { EXCUSE_MS_MAX } from "../../src/net/timer.ts";
import { WakeTimer } from "../../src/net/wake_timer.ts";
import { systemClock } from "../../src/net/system_clock.ts";
import { within } from "../support/tcp.ts";

function tableWithTimer(onEnd: (value: string) => void) {
  const now = (): number => performance.now();
  const leases = new LeaseTable<string>({ now: now() });
  const timer = new WakeTimer({
    now,
    nextWake: () => leases.nextWake(),
    advance: (at) => leases.advance(at, onEnd),
  });
  const add = (value: string, inMs: number) => {
    const deadline = now() + inMs;
    leases.add(value, deadline);
    timer.poke(deadline);
    return deadline;
  };
  return { add, timer };
}

Deno.test("WakeTimer ends leases in order and none early", async () => {
  const ended: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const deadlines = new Map<string, number>();
  const { add, timer } = tableWithTimer((value) => {
    assert(performance.now() >= (deadlines.get(value) ?? Infinity), value);
    ended.push(value);
    if (ended.length === 3) resolve();
  });
  using _ = timer;
  // An earlier one that is added later pulls the wake-up forward.
  for (const [value, inMs] of [["c", 90], ["a", 10], ["b", 50]] as const) {
    deadlines.set(value, add(value, inMs));
  }
  await within(promise, "three leases end");
  assert.deepEqual(ended, ["a", "b", "c"]);
});

Deno.test("WakeTimer goes on after a listener that throws", async () => {
  const fired: number[] = [];
  const second = Promise.withResolvers<void>();
  const wakes = [performance.now() + 5, performance.now() + 15];
  using timer = new WakeTimer({
    now: () => performance.now(),
    nextWake: () => wakes[0],
    advance: (now) => {
      wakes.shift();
      fired.push(now);
      if (fired.length === 2) second.resolve();
      if (fired.length === 1) throw new Error("a listener failed");
    },
  });
  // The fault is the program's: it is reported as such, and must not stop the clockwork.
  const onError = (event: ErrorEvent) => event.preventDefault();
  addEventListener("error", onError);
  timer.poke();
  await within(second.promise, "second wake-up");
  removeEventListener("error", onError);
  assert.equal(fired.length, 2);
});

Deno.test("WakeTimer wakes nobody after it was closed", () => {
  const { add, timer } = tableWithTimer(() => assert.fail("woken"));
  add("a", 0);
  timer.close();
  timer.close();
  add("b", 0);
});

Deno.test("CoarseClock reads its clock once for many questions", async () => {
  let reads = 0;
  const clock = new CoarseClock({ now: () => ++reads, wall: () => 1_000 + reads });
  using _ = clock;
  for (let count = 0; count < 100; count++) assert.equal(clock.now(), 1);
  assert.equal(clock.wall(), 1_001);
  // Waits for the step that makes the reading old.
  await within(
    (async () => {
      while (clock.now() === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    })(),
    "the clock goes on",
  );
  clock.close();
  assert(clock.now() < clock.now());
});

Deno.test("Deadlines gives everybody a grace after the process did not run", async () => {
  // The clock jumps by an hour between the arming and the wake-up.
  let offset = 0;
  const clock = { now: () => systemClock.now() + offset, wall: () => systemClock.wall() };
  using deadlines = new Deadlines(clock);
  const { promise, resolve } = Promise.withResolvers<number>();
  const deadline = clock.now() + 20;
  deadlines.watch({
    check: (now) => {
      resolve(now);
      return Infinity;
    },
  }, deadline);
  offset = 3_600_000;
  const checkedAt = await within(promise, "check");
  assert(checkedAt >= deadline + offset - 20 + EXCUSE_MS_MAX, String(checkedAt - deadline));
});

Deno.test("Deadlines checks no one after the watch has ended", async () => {
  using deadlines = new Deadlines(systemClock);
  const { promise, resolve } = Promise.withResolvers<void>();
  const now = systemClock.now();
  const silent = deadlines.watch({ check: () => assert.fail("checked") }, now + 5);
  const never = deadlines.watch({ check: () => assert.fail("checked") }, Infinity);
  deadlines.unwatch(silent);
  deadlines.unwatch(never);
  deadlines.checkBy(never, now);
  deadlines.watch({
    check: () => {
      resolve();
      return Infinity;
    },
  }, now + 10);
  await within(promise, "the other check");
});
