/**
 * Waits for a port that an outgoing connection holds.
 *
 * Linux gives each outgoing connection of any program a port from a range that also contains some
 * of ours (54320 to 54322). A port that an outgoing connection holds becomes free soon after the
 * connection ends; a port on which another program listens does not.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { inPortRanges } from "../../core/port_ranges.ts";
import type { Peer } from "../address.ts";
import { hasListener, readPortRanges } from "../libc/kernel_facts.ts";
import { ListenError } from "../listen_error.ts";
import { sleep } from "../sleep.ts";

/**
 * How long a start waits for all its ports, in milliseconds: a closed connection holds its port for
 * a minute (TIME_WAIT).
 */
export const PORT_WAIT_MS_MAX: number = 90 * SECOND_MS;
/** The first wait between two checks, in milliseconds; doubled each time. */
const PAUSE_MS_MIN = 100;
/** The longest wait between two checks whether a port is free, in milliseconds. */
const PAUSE_MS_MAX = 5 * SECOND_MS;

/** A port to wait for. */
export interface AwaitedPort {
  readonly protocol: "tcp" | "udp";
  readonly address: Peer;
}

/** How to wait. */
export interface PortWaitOptions {
  /** How long, in milliseconds. */
  readonly waitMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when waiting for the port begins. */
  readonly onWait: (place: Peer) => void;
  /** Called once when the port has become free. */
  readonly onFree: (place: Peer, waitedMs: number) => void;
}

/**
 * Waits while an outgoing connection holds a port. Returns at once if none can hold it, or if
 * another program listens on it: the attempt to listen then reports what is wrong.
 *
 * @throws {ListenError} if the port is still held after the timeout.
 */
export async function waitForPort(port: AwaitedPort, options: PortWaitOptions): Promise<void> {
  const { protocol, address } = port;
  if (address.port === 0) return;
  const startedAt = performance.now();
  let pauseMs = PAUSE_MS_MIN;
  for (let told = false;;) {
    const error = tryPort(port);
    if (error === undefined) {
      if (told) options.onFree(address, performance.now() - startedAt);
      return;
    }
    if (error.kind !== "in-use" || !isOutgoing(address.port)) return;
    if (hasListener(protocol, address.port)) return;
    options.signal?.throwIfAborted();
    const leftMs = options.waitMs - (performance.now() - startedAt);
    if (leftMs <= 0) throw new ListenError(address, error.cause, "held-by-connection");
    if (!told) options.onWait(address);
    told = true;
    await sleep(Math.min(pauseMs, leftMs), options.signal);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
}

/** Whether Linux may give a port to an outgoing connection. */
function isOutgoing(port: number): boolean {
  const { outgoing, reserved } = readPortRanges();
  return inPortRanges(outgoing, port) && !inPortRanges(reserved, port);
}

function tryPort({ protocol, address }: AwaitedPort): ListenError | undefined {
  try {
    if (protocol === "tcp") Deno.listen(address).close();
    else Deno.listenDatagram({ transport: "udp", ...address }).close();
    return undefined;
  } catch (cause) {
    return new ListenError(address, cause);
  }
}
