/**
 * `pulsebox fleet init`: makes the streams in which the brokers remember the fleet.
 *
 * @module
 */

import { messageOf } from "../../../core/message_of.ts";
import type { Invocation } from "../../command.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../../exit_status.ts";
import type { FLEET_FLAGS } from "./flags.ts";
import { OPERATOR } from "./plan.ts";

/** The number of replicas of a stream if several brokers are named. */
const REPLICAS_DEFAULT = 3;

/** Makes them. */
export async function init(call: Invocation<typeof FLEET_FLAGS, "fleet">): Promise<number> {
  const { values, settings, terminal } = call;
  const replicas = values.replicas === undefined
    ? (settings.fleet.length > 1 ? REPLICAS_DEFAULT : 1)
    : Number(values.replicas);
  const problem = settings.fleet.length === 0
    ? "No broker is named: give --fleet nats://HOST:PORT"
    : [1, 3, 5].includes(replicas)
    ? undefined
    : `--replicas is "${values.replicas}": must be 1, 3 or 5`;
  if (problem !== undefined) {
    await terminal.complain(`pulsebox: ${problem}\nTry: pulsebox help fleet\n`);
    return STATUS_WRONG_USE;
  }
  const { initFleet } = await import("../../../appliance/fleet_tools.ts");
  try {
    const streams = await initFleet(settings, replicas, OPERATOR);
    const text = streams.map(({ name, outcome }) =>
      `Stream ${name}: ${outcome}, kept by ${replicas} ${replicas === 1 ? "broker" : "brokers"}\n`
    ).join("");
    await terminal.write(values.json === true ? `${JSON.stringify({ streams })}\n` : text);
    return STATUS_DONE;
  } catch (error) {
    await terminal.complain(
      `pulsebox: ${messageOf(error)}\n`,
    );
    return STATUS_FAILED;
  }
}
