/**
 * What must not grow: readings of a process and its files, and how fast each may.
 *
 * @module
 */

import { MINUTE_MS } from "../../src/core/clock.ts";
import { cpuSeconds, residentBytes } from "../process.ts";
import { type Metrics, sampleOf } from "./crowd.ts";
import type { SoakHost } from "./host.ts";
import { type Reading, type Slope, slopeOf } from "./slope.ts";

const MEBIBYTE = 2 ** 20;
/** A program that was observed for less, in milliseconds, may still be on its way to its size. */
const OBSERVED_MS_MIN = 20 * MINUTE_MS;

/** What is read of a host. */
interface Quantity {
  readonly name: string;
  readonly unit: "MiB" | "";
  /** Growth in an hour that is not called growth; in bytes, or in pieces. */
  readonly perHourMax: number;
  /** More than this is too much, however long it took. */
  readonly most: number;
  readonly read: (host: SoakHost, metrics: Metrics) => number;
}

/**
 * The quantities. The database fills up to the limits of its tables: its growth is that of many
 * outages an hour.
 */
export const QUANTITIES: readonly Quantity[] = [
  {
    name: "resident memory",
    unit: "MiB",
    perHourMax: 4 * MEBIBYTE,
    most: 300 * MEBIBYTE,
    read: (host) => residentBytes(host.pid),
  },
  {
    name: "heap",
    unit: "MiB",
    perHourMax: 2 * MEBIBYTE,
    most: 100 * MEBIBYTE,
    read: (_, metrics) => sampleOf(metrics, "process_heap_bytes"),
  },
  {
    name: "descriptors",
    unit: "",
    perHourMax: 4,
    most: 500,
    read: (host) => entriesOf(`/proc/${host.pid}/fd`),
  },
  {
    name: "threads",
    unit: "",
    perHourMax: 1,
    most: 64,
    read: (host) => entriesOf(`/proc/${host.pid}/task`),
  },
  {
    name: "database",
    unit: "MiB",
    perHourMax: 2 * MEBIBYTE,
    most: 16 * MEBIBYTE,
    read: (host) => sizeOf(host.databasePath),
  },
  {
    name: "write-ahead log",
    unit: "MiB",
    perHourMax: 8 * MEBIBYTE,
    most: 8 * MEBIBYTE,
    read: (host) => sizeOf(`${host.databasePath}-wal`),
  },
];

/** What became of a quantity. */
export interface QuantityRow {
  readonly name: string;
  readonly unit: "MiB" | "";
  readonly first: number;
  readonly last: number;
  readonly most: number;
  readonly slope: Slope | undefined;
  readonly perHourMax: number;
  readonly verdict: "flat" | "too short to tell" | "grows" | "too much";
}

/** Readings of all quantities. */
export class FigureBook {
  readonly #readings = new Map<string, Reading[]>();
  readonly #warmMs: number;
  #cpuSeconds = 0;
  #cpuOfLife = 0;

  /** @param warmMs What a life begins with: until then it may grow. */
  constructor(warmMs: number) {
    this.#warmMs = warmMs;
  }

  /** Processor time of all lives so far, in seconds. */
  get cpuSeconds(): number {
    return this.#cpuSeconds + this.#cpuOfLife;
  }

  /** Reads all; gives them as one line. */
  read(host: SoakHost, metrics: Metrics): string {
    const atMs = performance.now();
    const isWarm = atMs - host.readyAt >= this.#warmMs;
    this.#cpuOfLife = cpuSeconds(host.pid);
    const words = QUANTITIES.map(({ name, unit, read }) => {
      const value = read(host, metrics);
      const readings = this.#readings.get(name) ?? [];
      this.#readings.set(name, readings);
      if (isWarm) readings.push({ life: host.lives, atMs, value });
      return `${name} ${shown(value, unit)}`;
    });
    return words.join(", ");
  }

  /** To be called when a life ends. */
  endLife(): void {
    this.#cpuSeconds += this.#cpuOfLife;
    this.#cpuOfLife = 0;
  }

  /** All quantities. */
  rows(): QuantityRow[] {
    return QUANTITIES.map(({ name, unit, perHourMax, most }) => {
      const readings = this.#readings.get(name) ?? [];
      const values = readings.map(({ value }) => value);
      const slope = slopeOf(readings);
      const highest = Math.max(...values);
      return {
        name,
        unit,
        first: values[0] ?? NaN,
        last: values.at(-1) ?? NaN,
        most: highest,
        slope,
        perHourMax,
        verdict: highest > most ? "too much" : growthOf(readings, perHourMax),
      };
    });
  }
}

/** Whether readings grow by more than the given amount in an hour; noise is taken for no growth. */
export function growthOf(
  readings: readonly Reading[],
  perHourMax: number,
): "flat" | "grows" | "too short to tell" {
  const slope = slopeOf(readings);
  if (slope === undefined || observedMs(readings) < OBSERVED_MS_MIN) return "too short to tell";
  const { perHour, bandPerHour } = slope;
  if (perHour - bandPerHour > perHourMax) return "grows";
  return perHour + bandPerHour <= perHourMax ? "flat" : "too short to tell";
}

/** The time from the first reading of each life to its last. */
function observedMs(readings: readonly Reading[]): number {
  return [...Map.groupBy(readings, ({ life }) => life).values()].reduce(
    (sum, life) => sum + (life.at(-1)?.atMs ?? 0) - (life[0]?.atMs ?? 0),
    0,
  );
}

/** A value with its unit. */
export function shown(value: number, unit: "MiB" | ""): string {
  return unit === ""
    ? value.toFixed(1).replace(/\.0$/, "")
    : `${(value / MEBIBYTE).toFixed(2)} MiB`;
}

function entriesOf(folder: string): number {
  return [...Deno.readDirSync(folder)].length;
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
