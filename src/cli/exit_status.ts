/**
 * Exit statuses of every command but `check` and `beat`.
 *
 * @module
 */

/** Done. */
export const STATUS_DONE = 0;
/** Failure: a problem of the network, the disk or the peer. */
export const STATUS_FAILED = 1;
/** Wrong use or wrong settings: a retry is useless. */
export const STATUS_WRONG_USE = 2;
