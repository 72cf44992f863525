/**
 * A million leases: what each weighs, and how fast they are renewed and expired.
 *
 * @module
 */

import { LeaseTable } from "../../src/core/lease_table.ts";
import { runChild } from "../process.ts";
import { type Figures, FIGURES_CHILD, perSecond, reachableBytes } from "./core_figures.ts";
import type { Row } from "./row.ts";

const LEASES = 1_000_000;
const LEASE_BYTES_MAX = 150;
/** Renewals and deadlines are spread over this time, in milliseconds. */
const PERIOD_MS = 60_000;

/** Measures in a child process; rates stand beside those of a plain `Map` of as many entries. */
export async function run(): Promise<Row[]> {
  const figures = await runChild<Figures>([
    ...FIGURES_CHILD,
    "scripts/bench/lease_table.ts",
  ]);
  const { leaseBytes = NaN } = figures;
  const area = "core";
  return [
    {
      area,
      measure: "memory of a lease, of a million",
      value: leaseBytes,
      unit: "B",
      goal: `<= ${LEASE_BYTES_MAX} B`,
      pass: leaseBytes <= LEASE_BYTES_MAX,
    },
    rate("leases renewed, floor: Map.set", figures, "renewed", "mapSet"),
    rate("leases expired, floor: Map.delete", figures, "expired", "mapDeleted"),
    {
      area,
      measure: "wake-up asked with a million leases",
      value: figures.wakeUs ?? NaN,
      unit: "us",
    },
  ];
}

function rate(measure: string, figures: Figures, name: string, floorName: string): Row {
  const value = figures[name] ?? NaN;
  const floor = figures[floorName] ?? NaN;
  return { area: "core", measure, value, unit: "/s", floor, ratio: value / floor };
}

function measure(): Figures {
  const handles = new Float64Array(LEASES);
  const shared = { name: "what a lease is for" };
  const before = reachableBytes();
  const table = new LeaseTable<{ name: string }>({ now: 0 });
  for (let index = 0; index < LEASES; index++) {
    handles[index] = table.add(shared, 1 + index % PERIOD_MS) ?? -1;
  }
  const leaseBytes = (reachableBytes() - before) / LEASES;

  const renewed = perSecond(LEASES, () => {
    for (const handle of handles) table.renew(handle, PERIOD_MS + handle % PERIOD_MS);
  });
  let now = 0;
  let wakes = 0;
  let wakeMs = 0;
  let ended = 0;
  const expired = perSecond(LEASES, () => {
    for (; table.size > 0; wakes++) {
      const asked = performance.now();
      now = table.nextWake() ?? now;
      wakeMs += performance.now() - asked;
      // As a timer under load: it serves what has gathered in a few milliseconds.
      now += 5;
      ended += table.advance(now, () => {});
    }
  });
  if (ended !== LEASES) throw new Error(`Cannot measure leases: ${ended} of ${LEASES} ended`);
  return { leaseBytes, renewed, expired, wakeUs: wakeMs / wakes * 1000, ...measureMap() };
}

function measureMap(): Figures {
  const deadlines = new Map<number, number>();
  for (let index = 0; index < LEASES; index++) deadlines.set(index, index);
  return {
    mapSet: perSecond(LEASES, () => {
      for (let index = 0; index < LEASES; index++) deadlines.set(index, PERIOD_MS + index);
    }),
    mapDeleted: perSecond(LEASES, () => {
      for (let index = 0; index < LEASES; index++) deadlines.delete(index);
    }),
  };
}

if (import.meta.main) console.log(JSON.stringify(measure()));
