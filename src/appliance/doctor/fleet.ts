/**
 * Checks a fleet's brokers: can they be reached, what do they keep, and may this host publish.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import type { NatsLink } from "../../net/nats/link.ts";
import { lookAtStream, NoStreamLeader } from "../../net/nats/streams.ts";
import { sleep } from "../../net/sleep.ts";
import { fleetStreams, NO_LEADER_ADVICE } from "../../roles/fleet/memory.ts";
import { ECHO_MS_MAX } from "../../roles/fleet/options.ts";
import { type ConditionCounts, CONDITIONS } from "../../core/verdict.ts";
import { encodeBeat } from "../../wire/fleet/beat.ts";
import { fleetSubject, hostsStream, toldStream } from "../../wire/fleet/subjects.ts";
import { fleetHostOf } from "../fleet_host.ts";
import { reachFleet } from "../fleet_tools.ts";
import type { FleetSettings } from "../settings.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

/** The first version whose brokers report everything that a fleet could use. */
const VERSION_WANTED: readonly [major: number, minor: number] = [2, 10];
const LOOK_MS = 50;

/** Connects as this host would, and checks the brokers. */
export async function examineFleet(settings: FleetSettings): Promise<Finding[]> {
  const forbidden: string[] = [];
  let host: string;
  try {
    host = fleetHostOf(settings);
  } catch (error) {
    return [fail("fleet", messageOf(error), "give --fleet-host NAME")];
  }
  try {
    await using link = await reachFleet(settings, host, (reason) => forbidden.push(reason));
    return [
      examineBroker(link),
      ...await examineMemory(link, settings, host, forbidden),
      await examineEcho(link, settings, host, forbidden),
    ];
  } catch (error) {
    const advice = "look at --fleet, --fleet-key and --fleet-ca, and at the broker's log";
    return [fail("fleet brokers", messageOf(error), advice)];
  }
}

function examineBroker(link: NatsLink): Finding {
  const { version = "", place = "" } = link.server ?? {};
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const [wantedMajor, wantedMinor] = VERSION_WANTED;
  const isNew = Number(major) > wantedMajor ||
    (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
  const text = `nats-server ${version} at ${place}`;
  return isNew
    ? ok("fleet brokers", text)
    : warn("fleet brokers", text, `it works; ${VERSION_WANTED.join(".")} or newer is better`);
}

/** With the key of another name nothing can be read, whatever the brokers keep. */
async function examineMemory(
  link: NatsLink,
  settings: FleetSettings,
  host: string,
  forbidden: readonly string[],
): Promise<Finding[]> {
  const findings = await examineStreams(link, settings);
  const [reason] = forbidden;
  if (reason === undefined) return findings;
  return [fail("fleet memory", reason, `does the key belong to the name ${host}?`)];
}

async function examineStreams(
  link: NatsLink,
  { fleetName, fleetTell, fleetView }: FleetSettings,
): Promise<Finding[]> {
  const findings = [
    await examineStream(link, fleetName, hostsStream(fleetName), "fleet memory"),
  ];
  if (fleetTell && fleetView) {
    findings.push(await examineStream(link, fleetName, toldStream(fleetName), "fleet claims"));
  }
  return findings;
}

async function examineStream(
  link: NatsLink,
  fleet: string,
  name: string,
  topic: string,
): Promise<Finding> {
  const advice = "run pulsebox fleet init with the operator's key";
  try {
    const there = await lookAtStream(link, name);
    if (there === undefined) return fail(topic, `there is no stream ${name}`, advice);
    // The number of copies is the operator's choice.
    const plan = fleetStreams(fleet, there.replicas).find((one) => one.name === name);
    const found = await lookAtStream(link, name, plan) ?? there;
    return found.differences.length === 0
      ? ok(topic, `${found.messages} messages, ${found.replicas} broker(s) keep them`)
      : warn(topic, `${name}: ${found.differences.join(", ")}`, advice);
  } catch (error) {
    if (error instanceof NoStreamLeader) return fail(topic, error.message, NO_LEADER_ADVICE);
    return fail(topic, messageOf(error), "does the broker's configuration turn on jetstream?");
  }
}

/** Publishes a beat that everybody takes for an old one, and checks that it comes back. */
async function examineEcho(
  link: NatsLink,
  { fleetName: fleet, fleetView }: FleetSettings,
  host: string,
  forbidden: readonly string[],
): Promise<Finding> {
  const topic = "fleet voice";
  const subject = fleetSubject(fleet, "beat", host);
  let isHeard = false;
  if (fleetView) link.listen(fleetSubject(fleet, "beat", "*"), () => {});
  link.listen(subject, () => void (isHeard = true));
  const counts = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;
  link.publish(
    subject,
    encodeBeat({ epoch: 0, n: 0, seq: 0, ageMs: 0, verdict: "starting", counts, tells: false }),
  );
  for (let waitedMs = 0; waitedMs < ECHO_MS_MAX && !isHeard; waitedMs += LOOK_MS) {
    if (forbidden.length > 0) break;
    await sleep(LOOK_MS);
  }
  const [reason] = forbidden;
  if (reason !== undefined) {
    const advice = reason.includes(fleetSubject(fleet, "beat", "*"))
      ? `name ${host} in --consoles of pulsebox fleet plan`
      : `does the key belong to the name ${host}?`;
    return fail(topic, reason, advice);
  }
  return isHeard
    ? ok(topic, `${host} may speak, and hears itself`)
    : fail(topic, `${host} does not hear itself`, "look at the network and at the broker's log");
}
