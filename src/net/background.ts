/**
 * Work that nobody waits for.
 *
 * @module
 */

/**
 * Lets work continue in the background. Its failure is written to standard error; an unhandled
 * rejection would end the program instead.
 *
 * @return Settles when the work has ended, and is never rejected.
 */
export async function inBackground(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    console.error("Background work failed:", error);
  }
}
