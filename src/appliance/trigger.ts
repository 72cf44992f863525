/**
 * The trigger role of a host.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import { AddressFilter } from "../net/address_filter.ts";
import type { ListenAddress } from "../net/tcp/listening.ts";
import { TriggerRole } from "../roles/trigger/role.ts";
import type { FindPlaces } from "./listening.ts";
import type { TriggerSettings } from "./settings.ts";

/** How often to report phones with an address that cannot be answered, in milliseconds. */
const LINK_LOCAL_QUIET_MS = 60_000;

/** What the role needs from its host. */
export interface TriggerContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  /** The addresses to listen on for a host setting and a port setting. */
  readonly places: FindPlaces;
  /** Listening time in milliseconds. */
  now(): number;
}

/** Returns a function that starts the role. */
export async function prepareTrigger(
  settings: TriggerSettings,
  { clock, log, events, places, now }: TriggerContext,
): Promise<() => TriggerRole> {
  if (settings.triggerWorkers !== undefined) {
    log.info("--trigger-workers {count} has no effect: one loop serves all clients", {
      count: settings.triggerWorkers,
    });
  }
  const addresses: ListenAddress[] = [];
  for (const hostname of settings.triggerHost) {
    addresses.push(...await places(hostname, settings.triggerPort, "udp"));
  }
  let quietUntil = 0;
  // One line for each client, at the level of somebody who looks for a client.
  const onClient = log.isEnabledFor("debug")
    ? (change: string, hostname: string, port: number) =>
      log.debug("Client {hostname} port {port}: {change}", { hostname, port, change })
    : undefined;
  return () =>
    TriggerRole.start({
      addresses,
      leaseMs: settings.triggerExpirationMs,
      clientsMax: settings.triggerClientsMax,
      clientsPerAddressMax: settings.triggerClientsPerAddressMax,
      newPerSecondMax: settings.triggerNewPerSecondMax,
      unconfirmedPingsMax: settings.triggerUnconfirmedPingsMax,
      lengths: settings.triggerAnyLength ? "any" : "two",
      phases: settings.triggerSpread ? "spread" : "together",
      sources: new AddressFilter({ allow: settings.triggerAllow, deny: settings.triggerDeny }),
      lowPorts: settings.triggerLowPorts ? "take" : "refuse",
      ownPort: settings.triggerOwnPort ? "take" : "refuse",
      clock,
      now,
      events,
      onClient,
      onLinkLocal: (hostname) => {
        if (now() < quietUntil) return;
        quietUntil = now() + LINK_LOCAL_QUIET_MS;
        log.warning(
          "The phone at {hostname} cannot be woken: its address is link-local; " +
            "give it the IPv4 address or a global IPv6 address of this host",
          { hostname },
        );
      },
      onError: (error) => log.error("The trigger role failed: {error}", { error }),
    });
}
