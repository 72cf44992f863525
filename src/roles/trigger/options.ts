/**
 * The options of a trigger role.
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import type { AddressFilter } from "../../net/address_filter.ts";

/** How the role treats its clients. Everything has a default. */
export interface TriggerOptions {
  /** How long a registration lasts, in milliseconds, 100 to 86 400 000; 120 000. */
  leaseMs?: number;
  /** The most clients, 1 to {@linkcode CLIENTS_MAX}; 100 000. */
  clientsMax?: number;
  /** The most clients of one IPv4 address, or /64 of IPv6; 2048: many phones share one router. */
  clientsPerAddressMax?: number;
  /** New clients per second and in one burst; 5000. Refreshes are never limited. */
  newPerSecondMax?: number;
  /** `two` (default): only datagrams of two bytes register. `any`: datagrams of every length do. */
  lengths?: "two" | "any";
  /** `spread` (default): each client has its own phase of the second. `together`: all at once. */
  phases?: "spread" | "together";
  /**
   * Pings to a client that was heard only once, 0 to 3600; 60. A forged registration is one
   * datagram, while a phone repeats its own after a third of the lease, which is 40 s. 0: as many
   * pings as the lease allows.
   */
  unconfirmedPingsMax?: number;
  /** Addresses whose registrations are accepted; all if not given. */
  sources?: AddressFilter;
  /** Clients on ports below 1024, where services listen: `refuse` by default. */
  lowPorts?: "refuse" | "take";
  /**
   * Clients on the service's own port number, probably another such service: `refuse` by default.
   */
  ownPort?: "refuse" | "take";
}

/** The scalar options with every default filled in. */
export type TriggerRules = Required<Omit<TriggerOptions, "sources">>;

/** The largest table of clients. */
export const CLIENTS_MAX = 1_000_000;

/** Values of the options that are not given. */
export const TRIGGER_DEFAULTS: TriggerRules = {
  leaseMs: 120 * SECOND_MS,
  clientsMax: 100_000,
  clientsPerAddressMax: 2_048,
  newPerSecondMax: 5_000,
  lengths: "two",
  phases: "spread",
  unconfirmedPingsMax: 60,
  lowPorts: "refuse",
  ownPort: "refuse",
};

/** Ranges of the numbers, both bounds included. */
export const TRIGGER_BOUNDS = {
  leaseMs: [100, DAY_MS],
  clientsMax: [1, CLIENTS_MAX],
  clientsPerAddressMax: [1, CLIENTS_MAX],
  newPerSecondMax: [1, CLIENTS_MAX],
  unconfirmedPingsMax: [0, 3_600],
} as const satisfies Partial<Record<keyof TriggerRules, readonly [number, number]>>;

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} if a number is out of range.
 */
export function triggerRules(options: TriggerOptions): TriggerRules {
  const rules: TriggerRules = { ...TRIGGER_DEFAULTS, ...options };
  for (const [name, [min, max]] of Object.entries(TRIGGER_BOUNDS)) {
    const value = rules[name as keyof typeof TRIGGER_BOUNDS];
    const isFine = value >= min && value <= max && (name === "leaseMs" || Number.isInteger(value));
    if (!isFine) {
      throw new RangeError(
        `Cannot start trigger: ${name} is ${value}, must be ${min} to ${max}`,
      );
    }
  }
  return rules;
}
