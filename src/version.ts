/**
 * The version of Pulsebox.
 *
 * @module
 */

/** The version of Pulsebox, the same as in `deno.json`; a test compares them. */
export const VERSION = "0.1.0";
