/**
 * Says what is wrong with an OpenAPI document.
 *
 * Packages that only tests and scripts use are named here alone: what stands in deno.json is fetched
 * before the product starts.
 *
 * @module
 */

export { Validator } from "npm:@seriousme/openapi-schema-validator@2.11.0";
