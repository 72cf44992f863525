/**
 * Work that nobody waits for.
 *
 * @module
 */

/**
 * Lets work go on in the background. What it fails with is written to standard error; a rejection that
 * nobody waits for would end the program instead.
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
