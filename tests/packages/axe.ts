/**
 * Finds what would keep somebody from using the page.
 *
 * Packages that only tests and scripts use are named here alone: what stands in deno.json is fetched
 * before the product starts.
 *
 * @module
 */

import script from "npm:axe-core@4.14.1/axe.min.js" with { type: "text" };

/** The script that is run within the page. */
export const axe: string = script;
