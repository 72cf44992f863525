/**
 * The subjects and streams of a fleet on its brokers.
 *
 * `pulsebox.FLEET.beat.HOST` carries beats, `pulsebox.FLEET.host.HOST` documents, and
 * `pulsebox.FLEET.told.HOST` records of what people were told about the host's outages. Only the
 * host itself publishes its beats and documents.
 *
 * @module
 */

/** Longest name of a fleet or of a host in it, in characters. */
export const FLEET_TOKEN_LENGTH_MAX = 63;

const TOKEN = new RegExp(`^[A-Za-z0-9_-]{1,${FLEET_TOKEN_LENGTH_MAX}}$`);

/** What a subject can carry. */
export const FLEET_CHANNELS = ["beat", "host", "told"] as const;

/** One of {@linkcode FLEET_CHANNELS}. */
export type FleetChannel = typeof FLEET_CHANNELS[number];

/** Whether a text can name a fleet or its host: 1 to 63 letters, digits, `_` and `-`. */
export function isFleetToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The subject of a host; `*` as the host means all hosts. */
export function fleetSubject(fleet: string, channel: FleetChannel, host: string): string {
  return `pulsebox.${fleet}.${channel}.${host}`;
}

/**
 * The host that a subject of a channel names; `undefined` for all other subjects. Brokers deliver what
 * a console reads out of a stream wherever it names, under the subject of that stream, so a message
 * need not be of the channel on which it arrives.
 */
export function hostOfSubject(subject: string, channel: FleetChannel): string | undefined {
  const [root, fleet = "", named = "", host = "", ...rest] = subject.split(".");
  const isOurs = root === "pulsebox" && rest.length === 0 && isFleetToken(fleet) &&
    isFleetToken(host) && named === channel;
  return isOurs ? host : undefined;
}

/** The stream that keeps the newest document of each host, in memory. */
export function hostsStream(fleet: string): string {
  return `PULSEBOX_${fleet}_HOSTS`;
}

/** The stream that keeps what people were told about outages, on disk. */
export function toldStream(fleet: string): string {
  return `PULSEBOX_${fleet}_TOLD`;
}
