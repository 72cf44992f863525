/**
 * Assertions that stay enabled in production.
 *
 * @module
 */

/** An invariant of the code was broken: a programming error, never caused by a peer's input. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * States what must be true at this point.
 *
 * @throws {AssertionError} if it is not.
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(`Invariant broken: ${invariant}`);
}
