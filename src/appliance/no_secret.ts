/**
 * What stands in for a secret that a service could have.
 *
 * @module
 */

/** What systemd puts into the file of a secret that the administrator has not given. */
export const NO_SECRET = "none";
