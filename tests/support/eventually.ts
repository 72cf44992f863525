/**
 * Waiting for what a running program will say.
 *
 * @module
 */

const TURN_MS = 50;
const WAIT_MS = 60_000;

/** Asks until it is so. Fails after a minute, saying what was awaited. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  waitMs: number = WAIT_MS,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!await isSo()) {
    if (performance.now() > deadline) throw new Error(`No ${what} within ${waitMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  }
}
