/**
 * Looking at the paths that settings name, for the command that starts a host.
 *
 * @module
 */

export { fileReason } from "../store/file_error.ts";
export { openFresh } from "../store/safe_place.ts";
export { pathProblem, type PathUse } from "../store/path_check.ts";
