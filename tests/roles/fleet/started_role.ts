/** A fleet role at a broker of this machine, with nothing to tell. */

import { Events } from "../../../src/core/events.ts";
import { type ConditionCounts, CONDITIONS } from "../../../src/core/verdict.ts";
import { FleetRole, type FleetRoleOptions } from "../../../src/roles/fleet/role.ts";

export const NO_COUNTS = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;

export function startRole(port: number, options: Partial<FleetRoleOptions>): FleetRole {
  return FleetRole.start({
    link: {
      servers: [`127.0.0.1:${port}`],
      tls: { required: false, caCerts: [] },
      nkeySeed: undefined,
    },
    fleet: "museum",
    host: "desk",
    label: null,
    version: "1",
    url: () => null,
    events: new Events(),
    describe: () => ({ verdict: "well", headline: "", counts: NO_COUNTS, members: [] }),
    now: () => performance.now(),
    wall: () => Date.now(),
    wake: () => {},
    onWarning: () => {},
    onRefused: () => {},
    ...options,
  });
}
