/**
 * Finds the addresses of a host's ports: looks names up, and waits for ports that are not free yet.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Clock } from "../core/clock.ts";
import { hostAndPort } from "../net/address.ts";
import { addressesOf, type ListenAddress } from "../net/tcp/listening.ts";
import { PORT_WAIT_MS_MAX, waitForPort } from "../net/tcp/port_wait.ts";

/** Finds the addresses to listen on for a host setting and a port setting. */
export type FindPlaces = (
  hostname: string,
  port: number,
  protocol?: "tcp" | "udp",
) => Promise<ListenAddress[]>;

/** What finding addresses needs. */
export interface PlaceContext {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the wait early. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Finds the addresses of one start, which waits for all its ports together at most
 * {@linkcode PORT_WAIT_MS_MAX}.
 */
export function placeFinder({ clock, log, signal }: PlaceContext): FindPlaces {
  const waitEndsAt = clock.now() + PORT_WAIT_MS_MAX;
  return async (hostname, port, protocol = "tcp") => {
    const addresses = await addressesOf(hostname, port);
    for (const address of addresses) {
      await waitForPort({ protocol, address }, {
        waitMs: waitEndsAt - clock.now(),
        signal,
        onWait: (place) =>
          log.warning("Waiting for {place}, at most {seconds} s: an outgoing connection holds it", {
            place: hostAndPort(place),
            seconds: Math.ceil((waitEndsAt - clock.now()) / 1_000),
          }),
        onFree: (place, waitedMs) =>
          log.info("{place} is free after {waitedMs} ms", {
            place: hostAndPort(place),
            waitedMs: Math.round(waitedMs),
          }),
      });
    }
    return addresses;
  };
}
