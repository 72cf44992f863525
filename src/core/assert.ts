/**
 * Assertions that stay on in production.
 *
 * @module
 */

/** A promise of the code to itself was broken: a programming error, never a peer's doing. */
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
