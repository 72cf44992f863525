/**
 * What the console's listeners cost those who beat.
 *
 * @module
 */

import { runChild, startChild } from "../process.ts";
import { startConsoleHost } from "./console_host.ts";
import type { PacedResult } from "./paced_load.ts";
import { median, type Row } from "./row.ts";

const MEMBERS = 1_000;
const STREAMS = 100;
const PER_SECOND = 1_000;
const ROUNDS = 5;
const SECONDS = 5;

/**
 * p99 of heartbeats while others listen, compared with the same while they listen to another host of
 * the same machine: what the listeners' own process costs counts for both.
 */
export async function run(): Promise<Row[]> {
  await using host = await startConsoleHost();
  await using other = await startConsoleHost();
  const round = async (listened: string): Promise<number> => {
    await using _listeners = await startChild(
      [
        ...["run", "--quiet", "-A", "scripts/bench/event_listeners.ts"],
        ...[`${listened}api/v1/events`, String(STREAMS)],
      ],
      /ready/,
    );
    return (await beat(host.port)).p99Ms;
  };
  const floor: number[] = [];
  const own: number[] = [];
  for (let count = 0; count < ROUNDS; count++) {
    floor.push(await round(other.url));
    own.push(await round(host.url));
  }
  const value = median(own);
  const noise = Math.max(...floor);
  return [{
    area: "console",
    measure: `p99 of ${PER_SECOND} heartbeats/s with ${STREAMS} event streams`,
    value,
    unit: "ms",
    floor: median(floor),
    ratio: value / median(floor),
    goal: `within the floor's noise, <= ${noise.toFixed(2)} ms`,
    pass: value <= noise,
  }];
}

function beat(port: number): Promise<PacedResult> {
  const numbers = [port, PER_SECOND, SECONDS, MEMBERS].map(String);
  return runChild<PacedResult>(["run", "--quiet", "-A", "scripts/bench/paced_load.ts", ...numbers]);
}
