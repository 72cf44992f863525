/**
 * Why an order makes no sense for some headsets, in words; the server still decides.
 *
 * @module
 */

import type { GameAction, GameClient } from "../panels.ts";
import { text } from "./say.ts";

/**
 * Why an order must not be given to these headsets now; `undefined` if it may. Nothing ever
 * prevents an emergency.
 *
 * @param isSilent Whether the page gets no news of the host.
 */
export function reasonAgainst(
  action: GameAction,
  clients: readonly GameClient[],
  isSilent: boolean,
): string | undefined {
  if (action === "emergency") return undefined;
  if (isSilent) return text("games.why.silent");
  if (clients.length === 0) return text("games.why.nobody");
  if (clients.some(({ emergency }) => emergency)) return text("games.why.emergency");
  if (action === "start" && !clients.some(({ state }) => state === "CALIBRATED")) {
    return text("games.why.start");
  }
  if (action === "lobby" && !clients.some(({ state }) => state === "RUNNING")) {
    return text("games.why.lobby");
  }
  return undefined;
}
