/**
 * The handlers of operations on single roles.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { GameAction, GamePanel, HevPanel, TriggerPanel } from "../panels.ts";
import type { Handlers } from "./operations.ts";
import { Refusal } from "./router.ts";

type PanelHandlers = Pick<
  Handlers,
  | "listGameClients"
  | "operateGameClient"
  | "forceGameClient"
  | "getTriggerFigures"
  | "listPhones"
  | "listAlarms"
  | "acknowledgeAlarm"
>;

/** Makes the handlers of the panels. */
export function panelHandlers(host: Host): PanelHandlers {
  return {
    listGameClients: () => ({ clients: game(host).clients() }),
    operateGameClient: ({ id, body }) => outcome(id, game(host).act(id, body.action)),
    forceGameClient: ({ id, body }) => outcome(id, game(host).force(id, body.state)),
    getTriggerFigures: () => trigger(host).figures(),
    listPhones: ({ query }) => trigger(host).phones(query),
    listAlarms: () => ({ alarms: hev(host).alarms() }),
    acknowledgeAlarm({ id }) {
      const panel = hev(host);
      if (panel.acknowledge(id)) return { alarms: panel.alarms() };
      throw new Refusal({
        status: 404,
        title: "No such alarm",
        detail: `No alarm "${id}" stands`,
      });
    },
  };
}

/** Applies an action to every client whose state allows it. */
export function operateAll(host: Host, action: GameAction): { done: number; illegal: number } {
  const panel = game(host);
  const counts = { done: 0, illegal: 0 };
  for (const { id } of panel.clients()) {
    const result = panel.act(id, action);
    if (result !== "unknown") counts[result]++;
  }
  return counts;
}

function outcome(id: string, result: "done" | "unknown" | "illegal") {
  switch (result) {
    case "done":
      return { done: 1, illegal: 0 };
    case "unknown":
      throw new Refusal({
        status: 404,
        title: "No such client",
        detail: `No game client has the identity "${id}"`,
      });
    case "illegal":
      throw new Refusal({
        status: 409,
        title: "Not in this state",
        detail: `Game client "${id}" cannot do that in its present state`,
      });
  }
}

const game = (host: Host): GamePanel => host.panels.game ?? absent("state");
const trigger = (host: Host): TriggerPanel => host.panels.trigger ?? absent("trigger");
const hev = (host: Host): HevPanel => host.panels.hev ?? absent("hev");

function absent(role: string): never {
  const detail = `This host does not run the role --${role}`;
  throw new Refusal({ status: 404, title: "No such role", detail });
}
