import { strict as assert } from "node:assert";
import { totalsSince, TriggerCounters } from "../../../src/roles/trigger/counters.ts";
import {
  DURATION_BOUNDS_SECONDS,
  DurationHistogram,
} from "../../../src/roles/trigger/histogram.ts";

Deno.test("DurationHistogram counts every duration once, and buckets hold all below them", () => {
  const histogram = new DurationHistogram();
  for (const ms of [-1, 0.5, 3, 70, 5_000]) histogram.observe(ms);
  const samples: Record<string, number> = {};
  histogram.put(samples, "d");
  assert.equal(samples['d_bucket{le="0.0005"}'], 2);
  assert.equal(samples['d_bucket{le="0.005"}'], 3);
  assert.equal(samples['d_bucket{le="1"}'], 4);
  assert.equal(samples['d_bucket{le="+Inf"}'], 5);
  assert.equal(samples["d_count"], histogram.count);
  assert.ok(Math.abs((samples["d_sum"] ?? 0) - 5.0735) < 1e-9);
  assert.equal(Object.keys(samples).length, DURATION_BOUNDS_SECONDS.length + 3);
});

Deno.test("TriggerCounters names its samples as the specification does", () => {
  const counters = new TriggerCounters();
  counters.datagrams.refused_cap = 3;
  counters.countSendError("ENETUNREACH");
  counters.countSendError("ENETUNREACH");
  counters.countReceiveError("other");
  const samples = counters.samples();
  assert.equal(samples['tix_registrations_total{result="refused_cap"}'], 3);
  assert.equal(samples['tix_send_errors_total{errno="ENETUNREACH"}'], 2);
  assert.equal(samples['tix_receive_errors_total{errno="other"}'], 1);
  for (const name of ["tix_pings_total", "tix_expired_total", "tix_ticks_skipped_total"]) {
    assert.equal(samples[name], 0, name);
  }
});

Deno.test("TriggerCounters keeps a bounded number of error names", () => {
  const counters = new TriggerCounters();
  for (let errno = 0; errno < 1_000; errno++) counters.countSendError(`E${errno}`);
  const names = Object.keys(counters.samples()).filter((name) => name.includes("send_errors"));
  assert.ok(names.length <= 33, `${names.length} names`);
  assert.equal(counters.totals().sendErrors, 1_000);
});

Deno.test("TriggerCounters.totals() adds up all that was refused, whatever for", () => {
  const counters = new TriggerCounters();
  const { datagrams } = counters;
  const reasons = Object.keys(datagrams).filter((result) => !["new", "refresh"].includes(result));
  for (const [place, reason] of reasons.entries()) {
    datagrams[reason as keyof typeof datagrams] = 10 ** place;
  }
  assert.equal(counters.totals().refused, Number("1".repeat(reasons.length)));
});

Deno.test("totalsSince is what happened between two readings", () => {
  const counters = new TriggerCounters();
  counters.pings = 5;
  const before = counters.totals();
  counters.pings = 7;
  counters.datagrams.self = 2;
  const since = totalsSince(before, counters.totals());
  assert.deepEqual([since.pings, since.refused, since.expired], [2, 2, 0]);
});
