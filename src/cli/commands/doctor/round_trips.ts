/**
 * Tries each role's protocol: starts a temporary host on free loopback ports and runs our clients
 * against it.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import type { ApplianceAddress } from "../../../appliance.ts";
import { fail, type Finding, ok } from "../../../appliance/doctor/finding.ts";
import { GameOperator } from "../../../clients/game/operator.ts";
import { HevClient } from "../../../clients/hev/client.ts";
import { HilbertClient } from "../../../clients/hilbert/client.ts";
import { TriggerClient } from "../../../clients/trigger/client.ts";
import { SECOND_MS } from "../../../core/clock.ts";
import { messageOf } from "../../../core/message_of.ts";
import { systemClock } from "../../../net/system_clock.ts";
import { notifierFromEnvironment } from "../../../net/systemd.ts";
import { Patience, Timer } from "../../../net/timer.ts";
import { parsePlace } from "../../../wire/url/place.ts";
import { OPTION_KEYS } from "../../../appliance/settings/options.ts";
import { resolveSettings } from "../../settings/settings.ts";

/** How long one round trip may take, in milliseconds. A ping comes within a second. */
const ROUND_TRIP_MS_MAX: number = 5 * SECOND_MS;
const ADVICE = "this is a fault of the program or of this system: please report it";
const NO_ENVIRONMENT = { get: () => undefined };

/** Settings of a host that disturbs nobody. */
const QUIET_HOST: Readonly<Record<string, string | boolean>> = {
  heartbeatHost: "127.0.0.1",
  heartbeatPort: "0",
  hevHost: "127.0.0.1",
  hevSource: "dump",
  hevWebPort: "0",
  hevNativePort: "0",
  hevQueryPort: "0",
  stateHost: "127.0.0.1",
  statePort: "0",
  statePublisherPort: "0",
  stateSubscriberPort: "0",
  triggerPort: "0",
  console: false,
};

/** How to try each role, given where it listens. */
const TRIALS: Readonly<Record<string, (urls: readonly string[]) => Promise<string>>> = {
  heartbeat: tryHeartbeat,
  trigger: tryTrigger,
  hev: tryHev,
  state: tryState,
};

/** Tries some roles, one after the other. */
export async function tryRoles(roles: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const role of roles) findings.push(await tryRole(role));
  return findings;
}

async function tryRole(role: string): Promise<Finding> {
  const topic = `${role} protocol`;
  try {
    const flags = { ...QUIET_HOST, triggerHost: ["127.0.0.1"], [role]: true };
    const { settings, problems } = await resolveSettings(OPTION_KEYS, {
      flags,
      environment: NO_ENVIRONMENT,
      readTextFile: () => Promise.reject(new Error("there is none")),
    });
    if (settings === undefined) return fail(topic, problems.join("; "), ADVICE);
    const { startAppliance } = await import("../../../appliance.ts");
    await using host = await startAppliance(settings, {
      clock: systemClock,
      // The temporary host needs no log: the doctor's own lines are enough.
      log: getLogger(["pulsebox-doctor"]),
      notifier: notifierFromEnvironment(NO_ENVIRONMENT),
    });
    const startedAt = systemClock.now();
    const answer = await withinLimit(TRIALS[role]?.(urlsOf(role, host.addresses)));
    return ok(topic, `${answer} after ${(systemClock.now() - startedAt).toFixed(0)} ms`);
  } catch (error) {
    return fail(topic, messageOf(error), ADVICE);
  }
}

async function tryHeartbeat([url = ""]: readonly string[]): Promise<string> {
  const client = new HilbertClient({ url, appId: "doctor" });
  return `hb_ping answered ${await client.ping(5_000)}`;
}

async function tryTrigger([url = ""]: readonly string[]): Promise<string> {
  const port = portOf(url);
  using patience = new Patience(ROUND_TRIP_MS_MAX);
  const { signal } = patience;
  await using client = new TriggerClient({ hostname: "127.0.0.1", port, signal });
  for await (const _ of client) return "woken";
  throw new Error("No ping arrived");
}

async function tryHev(urls: readonly string[]): Promise<string> {
  const [port = 0] = urls.map(portOf);
  using patience = new Patience(ROUND_TRIP_MS_MAX);
  const { signal } = patience;
  await using client = new HevClient({ hostname: "127.0.0.1", port, signal });
  for await (const _ of client.packets()) return "values of a recording came";
  throw new Error("No values came");
}

async function tryState(urls: readonly string[]): Promise<string> {
  const url = urls.find((each) => each.startsWith("http:")) ?? "";
  await using operator = new GameOperator(url);
  const [client] = await operator.get("doctor");
  return `ZeroMQ over WebSocket answered ${client?.state}`;
}

function portOf(url: string): number {
  const place = parsePlace(url);
  return typeof place === "string" ? 0 : place.port ?? 0;
}

function urlsOf(role: string, addresses: readonly ApplianceAddress[]): string[] {
  return addresses.filter((address) => address.role === role).map(({ url }) => url);
}

async function withinLimit<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  const { promise, reject } = Promise.withResolvers<never>();
  using _ = Timer.after(
    ROUND_TRIP_MS_MAX,
    () => reject(new Error(`No answer within ${ROUND_TRIP_MS_MAX} ms`)),
  );
  return await Promise.race([work, promise]);
}
