/**
 * What a run of the suite came to: counted from what the test runner prints, and told in the end.
 *
 * @module
 */

/** What passed and what failed so far. */
export interface Tally {
  passed: number;
  failed: number;
  /** The names of what failed. */
  failures: string[];
}

/** Nothing ran. */
export const NOTHING: Readonly<Tally> = { passed: 0, failed: 0, failures: [] };

/** Adds to a tally. */
export function add(tally: Tally, more: Readonly<Tally>): void {
  tally.passed += more.passed;
  tally.failed += more.failed;
  tally.failures.push(...more.failures);
}

/**
 * Reads the output of `deno test`.
 *
 * @param output All that it printed, without colours.
 * @param success Whether it ended with status 0.
 */
export function tallyOf(output: string, success: boolean): Tally {
  // "ok | 12 passed (3 steps) | 0 failed (2s)"
  const summary = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/m.exec(output);
  const passed = Number(summary?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 0);
  if (success) return { passed, failed, failures: [] };
  const section = /^ FAILURES \n\n([^]*?)\n\n/m.exec(output)?.[1];
  const failures = section?.split("\n") ?? ["the test runner ended without a summary"];
  // A run can fail without a failed test: a file that does not load, a leak, an uncaught error.
  return { passed, failed: Math.max(failed, 1), failures };
}

/**
 * The last lines of a run: what failed, what was skipped, and the counts.
 *
 * @param skipped One line for each suite that was skipped.
 */
export function report(tally: Readonly<Tally>, skipped: readonly string[]): string {
  const counts = `${tally.passed} passed, ${tally.failed} failed`;
  return [
    ...skipped,
    ...tally.failures.map((name) => `failed: ${name}`),
    ...(skipped.length === 0 ? [] : [`${skipped.length} skipped`]),
    counts,
  ].join("\n");
}
