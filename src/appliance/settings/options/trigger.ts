/**
 * Settings of the trigger role.
 *
 * @module
 */

import { SECOND_MS } from "../../../core/clock.ts";
import { TRIGGER_BOUNDS, TRIGGER_DEFAULTS } from "../../../roles/trigger/options.ts";
import { TIX_PORT } from "../../../wire/tix/datagram.ts";
import type { OptionTable } from "../option.ts";
import { cidrType, secondsType } from "../network_types.ts";
import { countType, hostType, listType, portType, switchType } from "../value_types.ts";

const ROLE = "trigger";

/** Addresses of `--trigger-host`. */
const HOSTS_MAX = 16;
/** Address blocks of `--trigger-allow` and of `--trigger-deny`. */
const BLOCKS_MAX = 1_000;

/**
 * `--trigger-*`. The original's prefixed names always count, its bare ones if the role runs alone.
 */
export const TRIGGER_OPTIONS = {
  triggerHost: {
    flag: "trigger-host",
    argument: "HOST",
    many: true,
    alias: ["TIX_HOST"],
    aliasAlone: { role: ROLE, names: ["HOST"] },
    group: "Trigger",
    schema: listType(hostType, HOSTS_MAX),
    default: ["0.0.0.0"],
    help: "Address to listen on for phones, IPv4 or IPv6; repeat it for several",
  },
  triggerPort: {
    flag: "trigger-port",
    argument: "PORT",
    alias: ["TIX_PORT"],
    aliasAlone: { role: ROLE, names: ["PORT"] },
    group: "Trigger",
    schema: portType,
    listens: { role: "trigger", host: "triggerHost", protocol: "udp" },
    default: TIX_PORT,
    help: "UDP port to listen on for phones; 0 picks a free one",
  },
  triggerExpirationMs: {
    flag: "trigger-expiration",
    argument: "SECONDS",
    alias: ["TIX_CLIENT_EXPIRATION_SECONDS"],
    aliasAlone: { role: ROLE, names: ["CLIENT_EXPIRATION_SECONDS"] },
    group: "Trigger",
    schema: secondsType(...TRIGGER_BOUNDS.leaseMs),
    default: String(TRIGGER_DEFAULTS.leaseMs / SECOND_MS),
    help: "How long a phone is woken after it was last heard",
  },
  triggerWorkers: {
    flag: "trigger-workers",
    argument: "COUNT",
    alias: ["TIX_WORKER_POOL_SIZE"],
    aliasAlone: { role: ROLE, names: ["WORKER_POOL_SIZE"] },
    group: "Trigger",
    schema: countType(1, 10_000),
    default: undefined,
    help: "Without effect; accepted because the original has it",
  },
  triggerClientsMax: {
    flag: "trigger-clients-max",
    argument: "COUNT",
    alias: ["TIX_MAX_CLIENTS"],
    group: "Trigger",
    schema: countType(...TRIGGER_BOUNDS.clientsMax),
    default: TRIGGER_DEFAULTS.clientsMax,
    help: "Maximum number of phones",
  },
  triggerClientsPerAddressMax: {
    flag: "trigger-clients-per-address-max",
    argument: "COUNT",
    alias: ["TIX_MAX_CLIENTS_PER_IP"],
    group: "Trigger",
    schema: countType(...TRIGGER_BOUNDS.clientsPerAddressMax),
    default: TRIGGER_DEFAULTS.clientsPerAddressMax,
    help: "Maximum number of phones behind one IP address",
  },
  triggerNewPerSecondMax: {
    flag: "trigger-new-per-second-max",
    argument: "COUNT",
    alias: ["TIX_MAX_NEW_PER_SECOND"],
    group: "Trigger",
    schema: countType(...TRIGGER_BOUNDS.newPerSecondMax),
    default: TRIGGER_DEFAULTS.newPerSecondMax,
    help: "New phones accepted per second; known ones are never limited",
  },
  triggerUnconfirmedPingsMax: {
    flag: "trigger-unconfirmed-pings-max",
    argument: "COUNT",
    alias: ["TIX_UNCONFIRMED_PINGS"],
    group: "Trigger",
    schema: countType(...TRIGGER_BOUNDS.unconfirmedPingsMax),
    default: TRIGGER_DEFAULTS.unconfirmedPingsMax,
    help: "Maximum number of pings to a phone that was heard only once; 0 means no limit",
  },
  triggerAnyLength: {
    flag: "trigger-any-length",
    alias: ["TIX_ACCEPT_ANY_LENGTH"],
    group: "Trigger",
    schema: switchType,
    default: false,
    help: "Let datagrams of any length register, as the original does",
  },
  triggerSpread: {
    flag: "trigger-spread",
    alias: ["TIX_SPREAD"],
    group: "Trigger",
    schema: switchType,
    default: true,
    help: "Wake all phones at the same instant instead of spreading them over the second",
  },
  triggerAllow: {
    flag: "trigger-allow",
    argument: "BLOCK",
    many: true,
    alias: ["TIX_ALLOW"],
    group: "Trigger",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Accept only phones at these addresses, such as 10.0.0.0/8; repeat it",
  },
  triggerDeny: {
    flag: "trigger-deny",
    argument: "BLOCK",
    many: true,
    alias: ["TIX_DENY"],
    group: "Trigger",
    schema: listType(cidrType, BLOCKS_MAX),
    default: [],
    help: "Refuse phones at these addresses, even if they are allowed; repeat it",
  },
  triggerLowPorts: {
    flag: "trigger-low-ports",
    alias: ["TIX_ALLOW_LOW_PORTS"],
    group: "Trigger",
    schema: switchType,
    default: false,
    help: "Also wake clients on ports below 1024, which belong to services",
  },
  triggerOwnPort: {
    flag: "trigger-own-port",
    alias: ["TIX_ALLOW_OWN_PORT"],
    group: "Trigger",
    schema: switchType,
    default: false,
    help:
      "Also wake clients on the service's own port number, which can make two services wake each other endlessly",
  },
} as const satisfies OptionTable;
