/**
 * How cost grows with the number of clients: the slope of a line through the points on paper whose axes
 * are both logarithmic. 0 is no growth, 1 is twice as much for twice as many, 2 four times as much.
 *
 * @module
 */

import type { Row } from "../row.ts";
import type { Contender, Size } from "./contest.ts";

/** Less memory than this is noise. */
const MEMORY_MB_MIN = 0.5;

/** Who is measured, and what it is called. */
export interface Growth {
  readonly area: string;
  /** For instance `publications over ws`. */
  readonly what: string;
  /** For instance `publication`. */
  readonly thing: string;
  /** For instance `subscribers`. */
  readonly clients: string;
  readonly sizes: readonly number[];
  readonly contenders: readonly Contender[];
}

/** Measures each number of clients on fresh servers, in turns. */
export async function grown(growth: Growth): Promise<Row[]> {
  const found = new Map<string, Map<number, Size>>();
  for (const clients of growth.sizes) {
    for (const contender of growth.contenders) {
      if (clients > (contender.clientsMax ?? Infinity)) continue;
      await using server = await contender.start();
      if (server === undefined) continue;
      const sizes = found.get(contender.name) ?? new Map<number, Size>();
      sizes.set(clients, await contender.grow(server, clients));
      found.set(contender.name, sizes);
    }
  }
  return rowsOfGrowth(growth, found);
}

/** The rows of what was measured: two slopes, and what one client weighs among the most. */
export function rowsOfGrowth(
  { area, what, thing, clients, sizes, contenders }: Growth,
  found: ReadonlyMap<string, ReadonlyMap<number, Size>>,
): Row[] {
  const range = `${words(sizes.at(0) ?? 0)} to ${words(sizes.at(-1) ?? 0)} ${clients}`;
  const row = (measure: string, unit: string, figure: (name: string) => number): Row => {
    const figures = contenders.filter(({ name }) => found.has(name))
      .map(({ name, kind }) => ({ name, kind, value: figure(name) }));
    const value = figures.find(({ kind }) => kind === "product")?.value ?? NaN;
    const floor = figures.find(({ kind }) => kind === "floor");
    const peers = figures.filter(({ kind }) => kind === "peer")
      .map((peer) => ({ name: peer.name, value: peer.value, ratio: value / peer.value }));
    return {
      area,
      measure,
      value,
      unit,
      ...(floor === undefined
        ? {}
        : { floor: floor.value, floorName: floor.name, ratio: value / floor.value }),
      ...(peers.length === 0 ? {} : { peers }),
      isUnsteady: true,
    };
  };
  const pointsOf = (name: string, key: keyof Size) =>
    [...found.get(name) ?? []].map(([x, size]) => [x, size[key]] as const);
  return [
    row(
      `${what}: growth of processor time per ${thing}, ${range}, slope`,
      "",
      (name) => slope(pointsOf(name, "cpuUs")),
    ),
    row(
      `${what}: growth of memory, ${range}, slope`,
      "",
      (name) => slope(pointsOf(name, "memoryMb").filter(([, y]) => y >= MEMORY_MB_MIN)),
    ),
    row(`${what}: memory for each of the most ${clients}`, "kB", (name) => {
      const [many, size] = [...found.get(name) ?? []].at(-1) ?? [NaN, undefined];
      return 1e3 * (size?.memoryMb ?? NaN) / many;
    }),
  ];
}

/** The slope of the line through points on logarithmic axes, with the least squares; NaN of fewer than two. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function words(count: number): string {
  return count.toLocaleString("en").replaceAll(",", " ");
}

/** Of descriptors; each client takes one here and one in the server. */
const SPARE_DESCRIPTORS = 200;

/** Measures several, each with as many clients as this process may have connections. */
export async function allGrown(growths: readonly Growth[]): Promise<Row[]> {
  const most = descriptors() - SPARE_DESCRIPTORS;
  const rows: Row[] = [];
  for (const growth of growths) {
    const sizes = growth.sizes.filter((size) => size <= most);
    if (sizes.length < growth.sizes.length) {
      console.error(`${growth.what}: ${most} clients at most: raise the limit with ulimit -n`);
    }
    rows.push(...await grown({ ...growth, sizes }));
  }
  return rows;
}

/** The most descriptors that this process may have. */
function descriptors(): number {
  const limits = Deno.readTextFileSync("/proc/self/limits");
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
}
