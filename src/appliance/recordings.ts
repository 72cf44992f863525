/**
 * Recordings, for the tools that play them without a role.
 *
 * @module
 */

export { readRecordingFile } from "../store/recordings.ts";
