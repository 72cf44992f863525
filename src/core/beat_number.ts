/**
 * How a host of a fleet numbers its beats.
 *
 * @module
 */

/** A moment in a host's own numbering: its run, and the number of its beat within the run. */
export interface BeatNumber {
  readonly epoch: number;
  readonly n: number;
}

/** Compares moments of one host: less than 0 if the first is older. */
export function compareBeats(one: BeatNumber, other: BeatNumber): number {
  return one.epoch - other.epoch || one.n - other.n;
}
