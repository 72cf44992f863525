/**
 * The panel through which the console shows the trigger role.
 *
 * @module
 */

import { NONE } from "../core/slot_lists.ts";
import type { Phone, TriggerPanel } from "../console/panels.ts";
import type { ClientId } from "../roles/trigger/client_keys.ts";
import type { TriggerRole } from "../roles/trigger/role.ts";

/** Makes the panel; `now` is listening time in milliseconds. */
export function triggerPanel({ service }: TriggerRole, now: () => number): TriggerPanel {
  const { clients, counters } = service;
  const phoneOf = (client: ClientId): Phone => ({
    address: clients.hostname(client),
    port: clients.port(client),
    registeredMs: Math.round(clients.ageMs(client, now())),
    leftMs: Math.max(0, Math.round(clients.deadline(client) - now())),
  });
  return {
    figures() {
      const { pings, sendErrors, skippedTurns } = counters.totals();
      const { newest } = clients;
      return {
        clients: clients.size,
        addresses: clients.addresses,
        newest: newest === NONE ? null : {
          address: clients.hostname(newest),
          registeredMs: Math.round(clients.ageMs(newest, now())),
        },
        pings,
        sendErrors,
        skippedTurns,
        lateness: counters.lateness.cumulative().map(({ bound, count }) => ({
          seconds: Number.isFinite(bound) ? bound : null,
          turns: count,
        })),
      };
    },
    phones({ address, offset, limit }) {
      const phones: Phone[] = [];
      const total = address === undefined ? clients.size : clients.sizeAt(address);
      let index = 0;
      for (const client of total === 0 ? [] : clients.values()) {
        if (address !== undefined && clients.hostname(client) !== address) continue;
        if (index++ < offset) continue;
        if (phones.length === limit) break;
        phones.push(phoneOf(client));
      }
      return { phones, total };
    },
  };
}
