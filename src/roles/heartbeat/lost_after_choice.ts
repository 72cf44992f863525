/**
 * The operator's choices of the silence after which applications are lost.
 *
 * @module
 */

import type { LostAfter } from "../../core/lost_after.ts";
import { type Nameable, PLACE_MARK } from "../../core/member_names.ts";
import type { LostAfterChoice } from "./options.ts";

/** One entry of the setting; without a program, it applies to all programs that no entry names. */
export interface LostAfterEntry {
  readonly program: string | undefined;
  readonly lostAfter: LostAfter;
}

/**
 * Makes the choices from entries. `NAME @ PLACE` takes precedence over `NAME`; of two entries for
 * the same application, the last counts.
 *
 * @param stations The operator's names for the hosts at some addresses; may change.
 */
export function lostAfterChoice(
  entries: readonly LostAfterEntry[],
  stations: ReadonlyMap<string, string>,
): LostAfterChoice {
  const named = new Map<string, LostAfter>();
  let all: LostAfter | undefined;
  for (const { program, lostAfter } of entries) {
    if (program === undefined) all = lostAfter;
    else named.set(program, lostAfter);
  }
  const of = ({ id, name, address }: Nameable): LostAfter | undefined => {
    if (named.size === 0) return undefined;
    const station = stations.get(address);
    const onStation = station === undefined ? undefined : named.get(name + PLACE_MARK + station);
    return named.get(id) ?? onStation ?? named.get(name);
  };
  return { of, all };
}
