/**
 * The command line's work with a fleet's brokers.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";
import { makeUserKey, publicKeyOf, type UserKey } from "../net/nats/keys.ts";
import { NatsLink } from "../net/nats/link.ts";
import { makeStream } from "../net/nats/streams.ts";
import { sleep } from "../net/sleep.ts";
import { fleetStreams } from "../roles/fleet/memory.ts";
import { inboxPrefix } from "../wire/fleet/permissions.ts";
import { hostAndPort } from "../wire/url/place.ts";
import { readFleetCa } from "./fleet_ca.ts";
import { readFleetKey } from "./fleet_key.ts";
import type { FleetSettings } from "./settings.ts";

export { makeUserKey, publicKeyOf, type UserKey };

/** Timeout of reaching the brokers, in milliseconds. */
const REACH_MS_MAX = 10_000;
/** How often to check whether they are reached, in milliseconds. */
const LOOK_MS = 50;

/** What was done about a stream. */
export interface MadeStream {
  readonly name: string;
  readonly outcome: "made" | "changed" | "as planned";
  readonly replicas: number;
}

/**
 * Creates the streams of a fleet, and changes existing ones to match the plan.
 *
 * @param replicas Number of brokers that keep a copy: 1, 3 or 5.
 * @param client Name of the client whose key the settings name.
 * @throws {Error} if the brokers cannot be reached, or refuse; the message is one sentence.
 */
export async function initFleet(
  settings: Pick<FleetSettings, "fleet" | "fleetName" | "fleetKey" | "fleetCa">,
  replicas: number,
  client: string,
): Promise<MadeStream[]> {
  let isForbidden = false;
  await using link = await reachFleet(settings, client, () => void (isForbidden = true));
  const made: MadeStream[] = [];
  let name = "";
  try {
    for (const plan of fleetStreams(settings.fleetName, replicas)) {
      name = plan.name;
      const outcome = await makeStream(link, plan);
      made.push({ name, outcome, replicas });
    }
  } catch (cause) {
    if (!isForbidden) {
      throw new Error(`Cannot make stream ${name}: ${messageOf(cause)}`, { cause });
    }
    throw new Error("Only the operator's key may do this: --fleet-key fleet/keys/operator.nk", {
      cause,
    });
  }
  return made;
}

/**
 * Connects to a fleet's brokers.
 *
 * @param onForbidden Called when the brokers deny a permission.
 * @throws {Error} if no broker accepts us within {@linkcode REACH_MS_MAX}; the message is one
 * sentence.
 */
export async function reachFleet(
  settings: Pick<FleetSettings, "fleet" | "fleetKey" | "fleetCa">,
  client: string,
  onForbidden: (reason: string) => void = () => {},
): Promise<NatsLink> {
  let reason = "no answer";
  const link = NatsLink.open({
    servers: settings.fleet.map(hostAndPort),
    name: `pulsebox ${client}`,
    inboxPrefix: inboxPrefix(client),
    tls: {
      required: settings.fleet.some(({ tls }) => tls),
      caCerts: readFleetCa(settings.fleetCa),
    },
    nkeySeed: readFleetKey(settings.fleetKey),
    onUp: () => {},
    onDown: (why) => void (reason = why),
    onForbidden,
  });
  for (let waitedMs = 0; !link.isUp; waitedMs += LOOK_MS) {
    if (waitedMs >= REACH_MS_MAX) {
      await link.close();
      throw new Error(`Cannot connect to the fleet's brokers: ${reason}`);
    }
    await sleep(LOOK_MS);
  }
  return link;
}
