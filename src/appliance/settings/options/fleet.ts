/**
 * Settings of a host's fleet.
 *
 * @module
 */

import { FLEET_HOST_FORM, fleetTokenType, natsUrlType } from "../fleet_types.ts";
import type { OptionTable } from "../option.ts";
import { boundedTextType, listType, pathType, switchType } from "../value_types.ts";

/** The most brokers. */
const BROKERS_MAX = 16;
/** The longest label, in characters. */
const LABEL_LENGTH_MAX = 100;

/** `--fleet*`. */
export const FLEET_OPTIONS = {
  fleet: {
    flag: "fleet",
    argument: "URL",
    many: true,
    group: "Fleet",
    schema: listType(natsUrlType, BROKERS_MAX),
    default: [],
    help: "Join a fleet through this NATS broker, such as nats://pi1:4222; repeat it for several",
  },
  fleetName: {
    flag: "fleet-name",
    argument: "NAME",
    group: "Fleet",
    schema: fleetTokenType(FLEET_HOST_FORM),
    default: "museum",
    help: "Name of the fleet",
  },
  fleetHost: {
    flag: "fleet-host",
    argument: "NAME",
    group: "Fleet",
    schema: fleetTokenType(FLEET_HOST_FORM),
    default: undefined,
    help: "Name of this host in the fleet (by default the machine's own)",
  },
  fleetLabel: {
    flag: "fleet-label",
    argument: "TEXT",
    group: "Fleet",
    schema: boundedTextType("must be a text", LABEL_LENGTH_MAX),
    default: undefined,
    help: "Where this host stands, such as a hall; consoles group the hosts by it",
  },
  fleetKey: {
    flag: "fleet-key",
    argument: "FILE",
    completes: "file",
    group: "Fleet",
    path: "file",
    schema: pathType,
    default: undefined,
    help: "This host's key for the brokers, as pulsebox fleet plan makes it",
  },
  fleetCa: {
    flag: "fleet-ca",
    argument: "FILE",
    completes: "file",
    group: "Fleet",
    path: "file",
    schema: pathType,
    default: undefined,
    help: "Also trust brokers whose certificates this authority (PEM) has signed",
  },
  fleetView: {
    flag: "fleet-view",
    group: "Fleet",
    schema: switchType,
    default: false,
    help: "Watch the fleet's hosts, and show the whole fleet on this host's console",
  },
  fleetTell: {
    flag: "fleet-tell",
    group: "Fleet",
    schema: switchType,
    default: false,
    help: "Notify people of lost hosts; of up to 8 such consoles, only one does so for each loss",
  },
} as const satisfies OptionTable;
