/**
 * What went wrong, in words.
 *
 * @module
 */

/** The runtime's number of an error of the system, which means nothing to people. */
const SYSTEM_NUMBER = / \(os error \d+\)/g;

/** The message of an error, without the system's number; of anything else that was thrown, its text. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(SYSTEM_NUMBER, "");
}
