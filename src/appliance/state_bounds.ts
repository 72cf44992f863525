/**
 * What the settings of the state role may be.
 *
 * @module
 */

import {
  CLIENTS_MAX_DEFAULT,
  NEW_PER_SECOND_MAX_DEFAULT,
  TIMEBOMB_MS_BOUNDS,
} from "../roles/state/options.ts";

/** Bounds, both included. */
export const STATE_BOUNDS: Readonly<
  Record<"timebombMs" | "clientsMax" | "newPerSecondMax", readonly [number, number]>
> = {
  timebombMs: TIMEBOMB_MS_BOUNDS,
  clientsMax: [1, 1_000_000],
  newPerSecondMax: [1, 1_000_000],
};

/** Defaults. */
export const STATE_DEFAULTS: Readonly<Record<"clientsMax" | "newPerSecondMax", number>> = {
  clientsMax: CLIENTS_MAX_DEFAULT,
  newPerSecondMax: NEW_PER_SECOND_MAX_DEFAULT,
};
