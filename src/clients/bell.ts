/**
 * Waiting for news together with others.
 *
 * @module
 */

/** Wakes all who wait, each time it rings. */
export class Bell {
  #next: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Resolves at the next ring. */
  heard(): Promise<void> {
    this.#next ??= Promise.withResolvers<void>();
    return this.#next.promise;
  }

  /** Wakes all who wait now. */
  ring(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
