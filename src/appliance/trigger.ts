/**
 * The trigger role of a host.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import { AddressFilter } from "../net/address_filter.ts";
import { TriggerRole } from "../roles/trigger/role.ts";
import type { TriggerSettings } from "./settings.ts";

/** What the role needs of its host. */
export interface TriggerContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  /** Listening time in milliseconds. */
  now(): number;
}

/** Makes what starts the role. */
export function prepareTrigger(
  settings: TriggerSettings,
  { clock, log, events, now }: TriggerContext,
): () => TriggerRole {
  if (settings.triggerWorkers !== undefined) {
    log.info("One loop serves all clients: {count} workers change nothing", {
      count: settings.triggerWorkers,
    });
  }
  const port = settings.triggerPort;
  // Lines for each client, at the level at which somebody looks for one.
  const onClient = log.isEnabledFor("debug")
    ? (change: string, hostname: string, port: number) =>
      log.debug("Client {hostname} port {port}: {change}", { hostname, port, change })
    : undefined;
  return () =>
    TriggerRole.start({
      addresses: settings.triggerHost.map((hostname) => ({ hostname, port })),
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
      ...(onClient === undefined ? {} : { onClient }),
      onError: (error) => log.error("The trigger role failed: {error}", { error }),
    });
}
