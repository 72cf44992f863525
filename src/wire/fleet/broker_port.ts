/**
 * Where a broker listens.
 *
 * @module
 */

/** The port of a broker if its URL names none. */
export const NATS_PORT_DEFAULT = 4_222;
