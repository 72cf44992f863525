/**
 * What the places of members are called.
 *
 * @module
 */

import type { Stations } from "../console/member_view.ts";
import type { AnyRole } from "./roles.ts";

/**
 * The operator's names of addresses; a host of the fleet that has none is where it says that it is. The
 * address of such a member is its name.
 */
export function stationsOf(
  named: ReadonlyMap<string, string>,
  roles: readonly AnyRole[],
): Stations {
  const viewer = roles.find((role) => role.name === "fleet")?.viewer;
  return {
    get: (address) => named.get(address) ?? viewer?.get(address)?.document?.label ?? undefined,
    [Symbol.iterator]: () => named[Symbol.iterator](),
  };
}
