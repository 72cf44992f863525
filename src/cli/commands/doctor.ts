/**
 * `pulsebox doctor`.
 *
 * @module
 */

import { examineDisk } from "../../appliance/doctor/disk.ts";
import type { Finding } from "../../appliance/doctor/finding.ts";
import { examineMachine } from "../../appliance/doctor/machine.ts";
import { examinePermissions } from "../../appliance/doctor/permissions.ts";
import { examinePortRange, examinePorts } from "../../appliance/doctor/ports.ts";
import { examineSerial } from "../../appliance/doctor/serial.ts";
import { sourceOfHev } from "../../appliance/hev_source.ts";
import { readPortRanges } from "../../net/libc/kernel_facts.ts";
import { systemClock } from "../../net/system_clock.ts";
import type { Invocation } from "../command.ts";
import { tryRoles } from "./doctor/round_trips.ts";
import { wantedPorts } from "../settings/wanted_ports.ts";
import { STATUS_DONE, STATUS_FAILED } from "../exit_status.ts";
import { roleKeys } from "../../appliance/settings/options.ts";
import { tabulate } from "../wrap.ts";
import type { DOCTOR_FLAGS } from "./doctor/flags.ts";

type Call = Invocation<typeof DOCTOR_FLAGS, "host">;

/** Examines everything that the chosen roles need; status 1 if something does not work. */
export async function run(call: Call): Promise<number> {
  const { terminal, values } = call;
  const findings = values.permissions === true
    ? examinePermissions(call.settings, isNotifying(call))
    : await examine(call);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify({ findings }, undefined, 2)}\n`
      : tabulate(findings.map(rowOf)),
  );
  return findings.some(({ verdict }) => verdict === "FAIL") ? STATUS_FAILED : STATUS_DONE;
}

async function examine(call: Call): Promise<Finding[]> {
  const { settings, values } = call;
  const isOffline = values.offline === true;
  const chosen = roleKeys().filter((key) => settings[key]);
  // Without a chosen role, examine the machine and what every role would need.
  const roles: string[] = chosen.length === 0 ? roleKeys() : chosen;
  return [
    ...examineMachine(),
    ...examineDisk(settings.data, systemClock),
    ...(settings.hev ? examineSerial(sourceOfHev(settings)) : []),
    ...(isOffline ? [] : await examinePorts(wantedPorts(settings))),
    ...examinePortRange(wantedPorts(settings), readPortRanges()),
    ...examinePermissions(settings, isNotifying(call)),
    ...(isOffline ? [] : await tryRoles(roles)),
    ...(isOffline || settings.fleet.length === 0 ? [] : await askBrokers(settings)),
  ];
}

/** The client of the brokers is loaded only where there are some. */
async function askBrokers(settings: Call["settings"]): Promise<Finding[]> {
  const { examineFleet } = await import("../../appliance/doctor/fleet.ts");
  return await examineFleet(settings);
}

function isNotifying({ environment }: Call): boolean {
  return (environment.get("NOTIFY_SOCKET") ?? "") !== "";
}

function rowOf({ verdict, topic, text, advice }: Finding): string[] {
  return [verdict, topic, advice === undefined ? text : `${text}; ${advice}`];
}
