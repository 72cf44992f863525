/**
 * Defaults and bounds of the trigger role's settings, for the table of options.
 *
 * @module
 */

export { TRIGGER_BOUNDS, TRIGGER_DEFAULTS } from "../roles/trigger/options.ts";
