/**
 * The operations of the API on a fleet.
 *
 * @module
 */

import { json, type Operation } from "./operation.ts";
import * as s from "./fleet_schemas.ts";

/** The operations by their identity in the document. */
export const FLEET_OPERATIONS = {
  listFleetHosts: {
    method: "get",
    path: "/fleet",
    summary: "Lists the hosts of the fleet, the worst first.",
    answer: json("All hosts.", s.FleetHostsSchema),
    problems: [404],
  },
  getFleetStatus: {
    method: "get",
    path: "/fleet/status",
    summary:
      "How well this console knows its fleet: whether it hears it, and through which broker.",
    answer: json("The status.", s.FleetStatusSchema),
    problems: [404],
  },
  findFleetMembers: {
    method: "get",
    path: "/fleet/members",
    summary: "Finds members of all hosts by a part of their name, identity or station, the worst " +
      "first.",
    query: s.FleetMembersQuery,
    answer: json("The first of them, and how many there are.", s.FleetFindingsSchema),
    problems: [404, 422],
  },
  getFleetHost: {
    method: "get",
    path: "/fleet/hosts/{id}",
    summary: "Shows a host of the fleet with its members. Those of a host that is not heard are " +
      "`unknown`: `lastState` says what they were.",
    answer: json("The host.", s.FleetHostDetailSchema),
    problems: [404],
  },
  forgetFleetHost: {
    method: "delete",
    path: "/fleet/hosts/{id}",
    summary: "Forgets a host of the fleet until it is heard again.",
    answer: json("The host as it was.", s.FleetHostDetailSchema),
    problems: [404],
  },
} as const satisfies Readonly<Record<string, Operation>>;
