/**
 * Metrics of the process itself. Loaded with the console, because `node:process` takes 35 ms of a
 * start.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import type { Clock } from "../core/clock.ts";

/** Memory, processor time and start of the process, under the usual names of exporters. */
export function processMetrics(clock: Clock): Readonly<Record<string, number>> {
  const { user, system } = cpuUsage();
  const { rss, heapUsed } = Deno.memoryUsage();
  return {
    process_resident_memory_bytes: rss,
    process_heap_bytes: heapUsed,
    process_cpu_seconds_total: (user + system) / 1e6,
    process_start_time_seconds: (clock.wall() - performance.now()) / 1000,
  };
}
