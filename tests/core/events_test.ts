import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import {
  EVENT_QUEUE_LENGTH_DEFAULT,
  EVENT_QUEUE_LENGTH_MAX,
  Events,
  type PulseEvent,
} from "../../src/core/events.ts";

function event(at: number): PulseEvent {
  return { type: "absence", at, absentMs: 1 };
}

Deno.test("Events agrees with plain arrays: received = delivered + dropped + waiting", () => {
  const turns = fc.array(fc.oneof(fc.constant("publish"), fc.constant("take")), { maxLength: 200 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), turns, (capacity, turns) => {
    const events = new Events();
    const subscription = events.subscribe({ capacity });
    const queue: PulseEvent[] = [];
    let published = 0;
    let dropped = 0;
    let delivered = 0;
    for (const turn of turns) {
      if (turn === "publish") {
        const next = event(published++);
        events.publish(next);
        queue.push(next);
        if (queue.length > capacity) {
          queue.shift();
          dropped++;
        }
      } else {
        const taken = subscription.take();
        assert.equal(taken, queue.shift());
        if (taken !== undefined) delivered++;
      }
      assert.equal(subscription.waiting, queue.length);
      assert.equal(subscription.dropped, dropped);
      assert.equal(published, delivered + dropped + subscription.waiting);
    }
  }));
});

Deno.test("Events tells a listener once that its empty queue fills", () => {
  const events = new Events();
  let calls = 0;
  const subscription = events.subscribe({ capacity: 2, onWaiting: () => calls++ });
  for (let at = 0; at < 5; at++) events.publish(event(at));
  assert.equal(calls, 1);
  while (subscription.take() !== undefined);
  events.publish(event(5));
  assert.equal(calls, 2);
});

Deno.test("Events serves all listeners though one throws, and tells of it", () => {
  const failures: unknown[] = [];
  const failure = new Error("broken");
  const events = new Events({ onFailure: (error) => failures.push(error) });
  const silent = new Events();
  const broken = {
    onWaiting: () => {
      throw failure;
    },
  };
  for (const bus of [events, silent]) {
    const first = bus.subscribe(broken);
    const second = bus.subscribe();
    bus.publish(event(1));
    assert.equal(second.waiting, 1);
    assert.equal(first.waiting, 1, "the event itself is not lost");
  }
  assert.deepEqual(failures, [failure]);
});

Deno.test("Events gives nothing to a closed subscription", () => {
  const events = new Events();
  const subscription = events.subscribe();
  const other = events.subscribe();
  events.publish(event(1));
  assert.equal(events.listeners, 2);
  subscription.close();
  subscription.close();
  events.publish(event(2));
  assert.equal(events.listeners, 1);
  assert.equal(subscription.waiting, 0);
  assert.equal(subscription.take(), undefined);
  assert.equal(other.waiting, 2);
});

Deno.test("Events lets a listener close itself and others while an event is handed out", () => {
  const events = new Events();
  const subscriptions = [0, 1].map(() =>
    events.subscribe({ onWaiting: () => subscriptions.forEach((each) => each.close()) })
  );
  events.publish(event(1));
  assert.equal(events.listeners, 0);
});

Deno.test("Events keeps 1024 events for a listener that names no capacity", () => {
  const events = new Events();
  const subscription = events.subscribe();
  for (let at = 0; at < EVENT_QUEUE_LENGTH_DEFAULT + 3; at++) events.publish(event(at));
  assert.equal(subscription.waiting, 1024);
  assert.equal(subscription.dropped, 3);
  assert.equal(subscription.take()?.at, 3);
});

Deno.test("Events refuses a capacity out of range", () => {
  for (const capacity of [0, -1, 1.5, NaN, EVENT_QUEUE_LENGTH_MAX + 1]) {
    assert.throws(() => new Events().subscribe({ capacity }), {
      name: "RangeError",
      message: `Cannot subscribe: capacity is ${capacity}, must be 1 to 1000000`,
    });
  }
});
