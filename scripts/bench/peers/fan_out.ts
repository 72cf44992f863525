/**
 * Publications to a crowd: as fast as the slowest subscriber takes them, and at a stated rate.
 *
 * @module
 */

import { writeAll } from "./bytes.ts";
import type { Throughput } from "./contest.ts";
import type { Crowd } from "./crowd.ts";
import { join } from "./dialect.ts";
import { LatencyHistogram } from "./latency_histogram.ts";

/** Publications that go to the server in one write, at most. */
const BATCH_MAX = 64;
/** Deliveries that may be under way in all. */
const UNDER_WAY_MAX = 200_000;
/** Publications by which the slowest subscriber may be behind, at least and at most. */
const WINDOW_MIN = 8;
const WINDOW_MAX = 2_048;
const PROBE_MS = 50;
const PROBES_MAX = 600;
/** Nothing is on its way any more when nothing has come for this long. */
const SETTLED_MS = 200;

/** Where publications come from. */
export interface Publisher {
  /** Sends one publication or several; resolves when the system has them. */
  send(count: number): Promise<void>;
}

/** A publisher on a connection that is logged in. */
export function publisherOn(
  connection: Deno.TcpConn,
  published: Uint8Array<ArrayBuffer>,
): Publisher {
  const batch = join(Array.from({ length: BATCH_MAX }, () => published));
  return {
    async send(count) {
      for (let rest = count; rest > 0; rest -= BATCH_MAX) {
        await writeAll(connection, batch.subarray(0, Math.min(rest, BATCH_MAX) * published.length));
      }
    },
  };
}

/** Publishes until everybody has got something, and waits until nothing is on its way. */
export async function warmUp(publisher: Publisher, crowd: Crowd): Promise<void> {
  crowd.reset();
  for (let probe = 0; crowd.slowest < 1; probe++) {
    if (probe === PROBES_MAX) throw new Error("Cannot measure: a subscriber gets nothing");
    await publisher.send(1);
    await pause(PROBE_MS);
  }
  for (let before = -1; before !== crowd.delivered;) {
    before = crowd.delivered;
    await pause(SETTLED_MS);
  }
}

/** Publishes for a time, never further ahead of the slowest subscriber than the window. */
export async function closedLoop(
  publisher: Publisher,
  crowd: Crowd,
  seconds: number,
): Promise<Throughput> {
  const size = Math.floor(UNDER_WAY_MAX / crowd.size);
  const window = Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, size));
  const batch = Math.min(BATCH_MAX, Math.floor(window / 4));
  crowd.reset();
  const started = performance.now();
  let published = 0;
  while (performance.now() < started + seconds * 1_000) {
    let target = (published + batch - window) * crowd.size;
    while (published + batch - crowd.slowest > window) {
      await crowd.until(target);
      // Delivered in all is not yet delivered to the slowest one.
      target += crowd.size;
    }
    await publisher.send(batch);
    published += batch;
  }
  await crowd.until(published * crowd.size);
  return { count: published, seconds: (performance.now() - started) / 1_000 };
}

/**
 * Publishes at a rate, however long the deliveries take, and counts each one from the moment when its
 * publication was due.
 */
export async function openLoop(
  publisher: Publisher,
  crowd: Crowd,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<LatencyHistogram> {
  const histogram = new LatencyHistogram();
  const everyMs = 1_000 / perSecond;
  const total = Math.round(perSecond * seconds);
  const startAt = performance.now() + everyMs;
  crowd.reset((first, count) => {
    const now = performance.now();
    for (let index = first; index < first + count; index++) {
      histogram.add(now - (startAt + index * everyMs));
    }
  });
  for (let published = 0; published < total;) {
    await pause(startAt + published * everyMs - performance.now());
    const due = Math.min(total, Math.floor((performance.now() - startAt) / everyMs) + 1);
    if (due <= published) continue;
    await publisher.send(due - published);
    published = due;
  }
  await crowd.until(total * crowd.size);
  crowd.reset();
  return histogram;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
