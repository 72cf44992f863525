/**
 * Exit statuses of every command but `check` and `beat`.
 *
 * @module
 */

/** Done. */
export const STATUS_DONE = 0;
/** Failed: the network, the disk or the other side is not as it should be. */
export const STATUS_FAILED = 1;
/** Wrong use or settings: the same command will not work later either. */
export const STATUS_WRONG_USE = 2;
