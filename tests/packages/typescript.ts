/**
 * Knows the types of all expressions.
 *
 * Packages that only tests and scripts use are named here alone: what stands in deno.json is fetched
 * before the product starts.
 *
 * @module
 */

export { default as ts } from "npm:typescript@6.0.3";
