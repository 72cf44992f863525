/**
 * Figures of the core, taken in a process of its own: nothing else lies on its heap.
 *
 * @module
 */

/** Figures by name, as the child prints them. */
export type Figures = Readonly<Record<string, number>>;

/** Arguments of the runtime for such a process: the garbage collector is in reach. */
export const FIGURES_CHILD: readonly string[] = [
  "run",
  "--quiet",
  "--no-check",
  "--v8-flags=--expose-gc",
];

/** Bytes that are reachable now: heap and array buffers after a full collection. */
export function reachableBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("Cannot measure memory: run with --v8-flags=--expose-gc");
  // What was moved by the first collection is freed by the second.
  gc();
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** How often each second something happened that was done `count` times by `work`. */
export function perSecond(count: number, work: () => void): number {
  const started = performance.now();
  work();
  return count / (performance.now() - started) * 1000;
}
