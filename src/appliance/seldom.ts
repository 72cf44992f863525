/**
 * Limits warnings about what happens again and again.
 *
 * @module
 */

/** A warning of the same kind is given again after this many milliseconds. */
const QUIET_MS = 60_000;
/**
 * The most warnings of different kinds in that time; further ones are counted: who writes into the
 * warnings must not be able to fill the log.
 */
const WARNINGS_MAX = 30;

/**
 * Passes on one text of each kind in a while, and tells how many different ones there were beyond.
 *
 * @return A function to call with each text, and with what texts that differ only in details have in
 * common; if not given, that is the whole text.
 */
export function seldom(
  now: () => number,
  tell: (text: string) => void,
): (text: string, kind?: string) => void {
  const toldAt = new Map<string, number>();
  let since = -Infinity;
  let told = 0;
  let omitted = 0;
  return (text, kind = text) => {
    const at = now();
    if (at - (toldAt.get(kind) ?? -Infinity) < QUIET_MS) return;
    if (at - since >= QUIET_MS) {
      if (omitted > 0) tell(`${omitted} more messages of this sort were not logged`);
      [since, told, omitted] = [at, 0, 0];
      for (const [old, when] of toldAt) if (at - when >= QUIET_MS) toldAt.delete(old);
    }
    if (told >= WARNINGS_MAX) {
      omitted++;
      return;
    }
    told++;
    toldAt.set(kind, at);
    tell(text);
  };
}
