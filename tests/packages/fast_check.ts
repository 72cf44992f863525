/**
 * Finds the smallest input that breaks a property.
 *
 * Packages that only tests and scripts use are named here alone: what stands in deno.json is fetched
 * before the product starts.
 *
 * @module
 */

export { default as fc } from "npm:fast-check@4.3.0";
