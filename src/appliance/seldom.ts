/**
 * Limits warnings about what happens again and again.
 *
 * @module
 */

/** The same warning is given again after this many milliseconds. */
const QUIET_MS = 60_000;
/** The most warnings that are remembered. */
const WARNINGS_MAX = 100;

/** Passes each text on at most once in a while. */
export function seldom(now: () => number, tell: (text: string) => void): (text: string) => void {
  const toldAt = new Map<string, number>();
  return (text) => {
    const at = now();
    if (at - (toldAt.get(text) ?? -Infinity) < QUIET_MS) return;
    if (toldAt.size >= WARNINGS_MAX) toldAt.clear();
    toldAt.set(text, at);
    tell(text);
  };
}
