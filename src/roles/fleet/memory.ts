/**
 * Defines and reads the streams in which the brokers remember a fleet.
 *
 * @module
 */

import type { NatsLink } from "../../net/nats/link.ts";
import {
  differencesFrom,
  lookAtStream,
  newestOf,
  readStream,
  type StreamPlan,
} from "../../net/nats/streams.ts";
import { isFleetViolation } from "../../wire/fleet/fields.ts";
import { decodeDocumentHead } from "../../wire/fleet/host_document.ts";
import { fleetSubject, hostsStream, toldStream } from "../../wire/fleet/subjects.ts";

/** The most bytes in the stream of documents. */
const HOSTS_BYTES_MAX = 33_554_432;
/** The most bytes in the stream of outages. */
const TOLD_BYTES_MAX = 67_108_864;
/** The most messages about one host in the stream of outages. */
const TOLD_PER_HOST_MAX = 64;

/** What helps brokers that cannot agree on a leader for a stream; see docs/fleet.md. */
export const NO_LEADER_ADVICE = "if that lasts for a minute, restart them one after the other";

/**
 * The streams of a fleet: documents in memory, to spare the brokers' SD cards; outages on disk. A
 * single broker loses a stream in memory when it stops, so with one broker both are on disk.
 *
 * @param replicas Number of brokers that keep a copy: 3, or 1 where there is one broker.
 */
export function fleetStreams(fleet: string, replicas: number): readonly StreamPlan[] {
  return [
    {
      name: hostsStream(fleet),
      subjects: [fleetSubject(fleet, "host", "*")],
      storage: replicas > 1 ? "memory" : "file",
      replicas,
      perSubjectMax: 1,
      bytesMax: HOSTS_BYTES_MAX,
    },
    {
      name: toldStream(fleet),
      subjects: [fleetSubject(fleet, "told", "*")],
      storage: "file",
      replicas,
      perSubjectMax: TOLD_PER_HOST_MAX,
      bytesMax: TOLD_BYTES_MAX,
    },
  ];
}

/**
 * Checks whether the brokers keep the hosts' messages, and in the right way.
 *
 * @return What is wrong with the way they keep them, as one clause; undefined if nothing is.
 * @throws {Error} if they do not keep them; the message is one clause for an operator.
 */
export async function checkMemory(link: NatsLink, fleet: string): Promise<string | undefined> {
  const name = hostsStream(fleet);
  const advice = "make it with pulsebox fleet init";
  const there = await lookAtStream(link, name);
  if (there === undefined) throw new Error(`there is no stream ${name}; ${advice}`);
  // The number of copies is the operator's choice.
  const plan = fleetStreams(fleet, there.replicas).find((one) => one.name === name);
  const [difference] = differencesFrom(there, plan);
  return difference === undefined ? undefined : `stream ${name}: ${difference}; ${advice}`;
}

/** Reads a host's newest document; throws as {@linkcode newestOf} does. */
export function readDocument(
  link: NatsLink,
  fleet: string,
  host: string,
): Promise<Uint8Array | undefined> {
  return newestOf(link, hostsStream(fleet), fleetSubject(fleet, "host", host));
}

/** The epoch of a host's newest document; 0 if there is none, none that can be read, or none after it. */
export async function readEpoch(link: NatsLink, fleet: string, host: string): Promise<number> {
  const bytes = await readDocument(link, fleet, host);
  if (bytes === undefined) return 0;
  const head = decodeDocumentHead(bytes);
  return isFleetViolation(head) || head.epoch === Number.MAX_SAFE_INTEGER ? 0 : head.epoch;
}

/** Passes on the newest document of every host, once; throws as {@linkcode readStream} does. */
export function readDocuments(
  link: NatsLink,
  fleet: string,
  listener: (subject: string, bytes: Uint8Array) => void,
): Promise<void> {
  return readStream(link, hostsStream(fleet), "newest", listener);
}
