/**
 * Ports for a server that names its own before it listens, or comes back to it after a restart.
 *
 * A port that the system picked (port 0) is the system's again as soon as nobody listens on it: it may
 * be the end of anybody's next connection. These ports are none that the system picks.
 *
 * @module
 */

/** Above the ports of services, and of the product's defaults but for one. */
const PORT_MIN = 10_000;
/** Below the first port that Linux picks for a connection or for port 0. */
const PORT_MAX = 32_767;
/** How many taken ports are passed over. */
const TRIALS_MAX = 1_000;

const given = new Set<number>();

/**
 * A TCP port on which nobody listens, and which nobody gets without naming it.
 *
 * @throws if a thousand ports are taken.
 */
export function lastingPort(): number {
  for (let trial = 0; trial < TRIALS_MAX; trial++) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN + 1));
    if (given.has(port) || !isFree(port)) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No port from ${PORT_MIN} to ${PORT_MAX} is free`);
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "0.0.0.0", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
