/**
 * The version of Pulsebox, kept in one place: `deno.json`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };

/** The version of Pulsebox, for instance `0.1.0`. */
export const VERSION: string = manifest.version;
