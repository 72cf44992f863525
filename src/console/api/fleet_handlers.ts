/**
 * The operations on a fleet.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { FleetPanel } from "../panels.ts";
import type { Problem } from "../problem.ts";
import type { Handlers } from "./operations.ts";
import { finish } from "../turns.ts";
import { Refusal } from "./router.ts";

type FleetHandlers = Pick<
  Handlers,
  "listFleetHosts" | "findFleetMembers" | "getFleetHost" | "forgetFleetHost" | "getFleetStatus"
>;

/** Makes the handlers of the fleet. */
export function fleetHandlers(host: Host): FleetHandlers {
  return {
    listFleetHosts: () => ({ hosts: fleet(host).hosts() }),
    findFleetMembers: ({ query: { q, limit } }) => finish(fleet(host).find(q, limit)),
    getFleetHost: ({ id }) => fleet(host).host(id) ?? noSuchHost(id),
    forgetFleetHost({ id }) {
      const panel = fleet(host);
      const before = panel.host(id) ?? noSuchHost(id);
      panel.forget(id);
      return before;
    },
    getFleetStatus: () => fleet(host).status(),
  };
}

function fleet(host: Host): FleetPanel {
  host.members.advance(host.now());
  if (host.panels.fleet !== undefined) return host.panels.fleet;
  throw new Refusal(NO_FLEET);
}

/** The problem of a host that is no console of a fleet. */
export const NO_FLEET: Problem = {
  status: 404,
  title: "No fleet here",
  detail: "This host keeps no picture of a fleet: start it with --fleet URL and --fleet-view",
};

function noSuchHost(id: string): never {
  const detail = `The fleet has no host "${id}"`;
  throw new Refusal({ status: 404, title: "No such host", detail });
}
