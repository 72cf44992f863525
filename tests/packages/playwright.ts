/**
 * Drives the system's own Chromium.
 *
 * Packages that only tests and scripts use are named here alone: what stands in deno.json is fetched
 * before the product starts.
 *
 * @module
 */

export {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "npm:playwright-core@1.65.1";
