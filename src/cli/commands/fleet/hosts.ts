/**
 * `pulsebox fleet` and `pulsebox fleet forget HOST`: lists a console's fleet, and forgets a host.
 *
 * @module
 */

import type { FleetHostInfo } from "../../../clients/console_fleet.ts";
import { visible } from "../../../core/visible.ts";
import type { Invocation } from "../../command.ts";
import { consoleClientOf } from "../../console_place.ts";
import { STATUS_DONE } from "../../exit_status.ts";
import { tabulate } from "../../wrap.ts";
import type { FLEET_FLAGS } from "./flags.ts";

type Call = Invocation<typeof FLEET_FLAGS, "fleet">;

/** Writes the verdict on the fleet and a table of the hosts, the worst first. */
export async function showHosts(call: Call): Promise<number> {
  const { values, settings, terminal } = call;
  const client = await consoleClientOf(values, settings, call);
  const [status, hosts] = [await client.fleetStatus(), await client.fleetHosts()];
  if (values.json === true) {
    await terminal.write(`${JSON.stringify({ ...status, hosts })}\n`);
    return STATUS_DONE;
  }
  await terminal.complain(`${visible(status.headline)}\n`);
  for (const warning of status.warnings) await terminal.complain(`${visible(warning)}\n`);
  await terminal.write(renderHosts(hosts));
  return STATUS_DONE;
}

/** Takes a host off the list. */
export async function forgetHost(call: Call): Promise<number> {
  const { values, settings, positionals, terminal } = call;
  const [host = ""] = positionals;
  const client = await consoleClientOf(values, settings, call);
  const answer = await client.forgetFleetHost(host);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(answer)}\n`
      : `${visible(host)} is forgotten until it is heard again\n`,
  );
  return STATUS_DONE;
}

/** The table. */
export function renderHosts(hosts: readonly FleetHostInfo[]): string {
  return tabulate([
    ["STATE", "HOST", "LABEL", "SILENT", "MEMBERS", "SAYS"],
    ...hosts.map(({ state, host, label, silentMs, counts, headline }) => [
      state,
      host,
      label ?? "-",
      silentMs === null ? "-" : `${(silentMs / 1000).toFixed(1)}s`,
      counts === null ? "-" : String(Object.values(counts).reduce((sum, count) => sum + count, 0)),
      saysOf(state, headline),
    ]),
  ]);
}

/** The last report of a host that is not heard does not say how the host is now. */
function saysOf(state: string, headline: string | null): string {
  if (headline === null) return "-";
  return ["lost", "gone", "unknown"].includes(state) ? `last: ${headline}` : headline;
}
