/**
 * The panels through which the console shows and operates each role.
 *
 * @module
 */

import type { GamePanel, HevPanel, Panels, Wave, WaveSample } from "../console/panels.ts";
import type { Clock } from "../core/clock.ts";
import type { HevRole } from "../roles/hev/role.ts";
import type { StateRole } from "../roles/state/role.ts";
import type { Payload } from "../wire/hev/payload.ts";
import { unitOf } from "../wire/hev/units.ts";
import { fleetPanel } from "./fleet_panel.ts";
import type { AnyRole } from "./roles.ts";
import { triggerPanel } from "./trigger_panel.ts";

/** The oldest version whose alarms have the controller's time. */
const STAMPED_VERSION_MIN = 0xa1;

/** The fields of each curve; the first one that a payload contains counts. */
const FIELDS: Readonly<Record<Wave, readonly string[]>> = {
  pressure: ["pressure_patient", "airway_pressure"],
  flow: ["flow", "flow_calc"],
  volume: ["volume"],
};

/** Makes the panels of the roles that have one. */
export function panelsOf(
  roles: readonly AnyRole[],
  now: () => number,
  clock: Clock,
): Panels {
  let panels: Panels = {};
  for (const role of roles) {
    switch (role.name) {
      case "state":
        panels = { ...panels, game: gamePanel(role, now, clock) };
        break;
      case "trigger":
        panels = { ...panels, trigger: triggerPanel(role, now) };
        break;
      case "hev":
        panels = { ...panels, hev: hevPanel(role, now, clock) };
        break;
      case "fleet":
        panels = role.viewer === undefined
          ? panels
          : { ...panels, fleet: fleetPanel(role, role.viewer, clock) };
        break;
      case "heartbeat":
        // This role knows nothing but its members.
        break;
    }
  }
  return panels;
}

function gamePanel({ service }: StateRole, now: () => number, clock: Clock): GamePanel {
  return {
    clients: () =>
      [...service.clients.values()].map((client) => ({
        id: client.id,
        state: client.state,
        reportedState: client.heartbeat.clientState,
        address: client.address,
        silentMs: Math.round(now() - client.heardAt),
        emergency: client.stop !== undefined,
        emergencySince: client.stop === undefined
          ? null
          : new Date(clock.wall() - (now() - client.stop.at)).toISOString(),
        emergencyReceivers: client.stop?.receivers ?? null,
      })),
    act: (id, action) => service.act(id, action),
    force: (id, state) => service.force(id, state) === "done" ? "done" : "unknown",
  };
}

function hevPanel(role: HevRole, now: () => number, clock: Clock): HevPanel {
  return {
    alarms: () =>
      role.alarms.map((alarm) => {
        const raised = role.raised(alarm);
        const { version, timestamp, alarm_code: name, alarm_type: priority } = alarm;
        return {
          name,
          priority,
          raisedAt: raised === undefined
            ? null
            : new Date(clock.wall() - (now() - raised.at)).toISOString(),
          stampMs: raised === undefined || version < STAMPED_VERSION_MIN ? null : timestamp,
          count: raised?.count ?? 0,
        };
      }),
    acknowledge: (name) => role.answer({ type: "acknowledge", name }).reply === "ack",
    listen: (listener) =>
      role.listen((payload) => {
        if (payload.type !== "DATA") return;
        const { timestamp } = payload.values;
        const at = typeof timestamp === "number" ? timestamp : now();
        listener({ at, ...wavesOf(payload) });
      }),
  };
}

function wavesOf(payload: Payload): Pick<WaveSample, "values" | "units"> {
  const values: Partial<Record<Wave, number>> = {};
  const units: Partial<Record<Wave, string | null>> = {};
  for (const [wave, fields] of Object.entries(FIELDS) as [Wave, readonly string[]][]) {
    for (const field of fields) {
      const value = Object.hasOwn(payload.values, field) ? payload.values[field] : undefined;
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      values[wave] = value;
      units[wave] = unitOf(payload, field) ?? null;
      break;
    }
  }
  return { values, units };
}
