/**
 * What each client of a fleet's brokers may do: a host may write only about itself.
 *
 * @module
 */

import { fleetSubject, hostsStream, toldStream } from "./subjects.ts";

/** The part that a client plays in the fleet. */
export type FleetPart =
  /** Reports its own state. */
  | "host"
  /** Reports its own state and shows the fleet's. */
  | "console"
  /** Creates and changes the streams. */
  | "operator";

/** The subjects that a client may publish to and subscribe to; all others are refused. */
export interface FleetPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The prefix of the subjects on which a client gets its replies. */
export function inboxPrefix(client: string): string {
  return `_INBOX_${client}`;
}

/** The permissions of a client. */
export function fleetPermissions(fleet: string, part: FleetPart, name: string): FleetPermissions {
  const inbox = `${inboxPrefix(name)}.>`;
  if (part === "operator") return { publish: ["$JS.API.>"], subscribe: [inbox] };
  const hosts = hostsStream(fleet);
  const told = toldStream(fleet);
  const own = (channel: "beat" | "host") => fleetSubject(fleet, channel, name);
  const all = (channel: "beat" | "host" | "told") => fleetSubject(fleet, channel, "*");
  const host: FleetPermissions = {
    publish: [
      own("beat"),
      own("host"),
      `$JS.API.STREAM.INFO.${hosts}`,
      `$JS.API.DIRECT.GET.${hosts}.${own("host")}`,
    ],
    subscribe: [own("beat"), inbox],
  };
  if (part === "host") return host;
  const reading = (stream: string) => [
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
  ];
  return {
    publish: [
      ...host.publish,
      ...reading(hosts),
      ...reading(told),
      `$JS.API.STREAM.INFO.${told}`,
      `$JS.API.DIRECT.GET.${told}`,
      all("told"),
    ],
    subscribe: [...host.subscribe, all("beat"), all("host"), all("told")],
  };
}
