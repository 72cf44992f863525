/**
 * The fleet role of a host.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Host } from "../console/host.ts";
import { judgedMembers, verdictOf } from "../console/verdict.ts";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import { CONDITIONS } from "../core/verdict.ts";
import { isLoopback } from "../net/address.ts";
import { fleetRules } from "../roles/fleet/options.ts";
import { FleetRole } from "../roles/fleet/role.ts";
import { refusalSentence } from "../roles/fleet/warnings.ts";
import type { HostDescription } from "../roles/fleet/teller.ts";
import { machineName } from "../store/host_names.ts";
import type { Voice } from "../roles/fleet/steward.ts";
import { hostAndPort } from "../wire/url/place.ts";
import { VERSION } from "../version.ts";
import { fleetHostOf } from "./fleet_host.ts";
import { readFleetCa } from "./fleet_ca.ts";
import { readFleetKey } from "./fleet_key.ts";
import { ForgottenHosts } from "./forgotten_hosts.ts";
import type { FleetVoice } from "./fleet_voice.ts";
import type { RoleContext } from "./heartbeat.ts";
import { seldom } from "./seldom.ts";
import type { FleetSettings } from "./settings.ts";

/** What the role needs from its host. */
export interface FleetContext extends Pick<RoleContext, "meta"> {
  readonly members: Members;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  /** Notifies people of lost hosts. */
  readonly voice: FleetVoice;
  readonly outbox: Voice;
  /** The host, once it has started. */
  readonly host: () => Host;
  /** The URLs of the host's console, once it listens. */
  readonly consoleUrls: () => readonly string[];
  /** Listening time in milliseconds. */
  now(): number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  wake(deadline: number): void;
}

/**
 * Opens the roster of hosts, where one is wanted; returns a function that connects once earlier
 * records have been restored.
 *
 * @throws {Error} if a file cannot be used, or the host has no name; the message is one sentence.
 */
export function prepareFleet(settings: FleetSettings, context: FleetContext): () => FleetRole {
  const { members, clock, log, events, consoleUrls, now, wake } = context;
  const host = fleetHostOf(settings);
  const roster = settings.fleetView ? members.open(fleetRules()) : undefined;
  const servers = settings.fleet.map(hostAndPort);
  const caCerts = readFleetCa(settings.fleetCa);
  const nkeySeed = readFleetKey(settings.fleetKey, (path) => {
    log.warning("Everybody on this machine can read {path}: chmod 600", { path });
  });
  const tell = (warning: string) => log.warning("{warning}", { warning });
  const tellRefusal = seldom(now, tell);
  return () => {
    const role = FleetRole.start({
      link: {
        servers,
        tls: { required: settings.fleet.some(({ tls }) => tls), caCerts },
        nkeySeed,
      },
      fleet: settings.fleetName,
      host,
      label: settings.fleetLabel ?? null,
      version: VERSION,
      url: () => urlForOthers(consoleUrls(), machineName()),
      roster,
      forgotten: roster === undefined ? undefined : new ForgottenHosts(events, context.meta),
      voice: settings.fleetTell ? context.outbox : undefined,
      events,
      describe: () => describeHost(context.host()),
      now,
      wall: () => clock.wall(),
      wake,
      onWarning: seldom(now, tell),
      // Others write into the sentence.
      onRefused: (refusal) =>
        tellRefusal(refusalSentence(refusal), `${refusal.host} ${refusal.reason}`),
    });
    if (role.steward !== undefined) context.voice.attach(role.steward);
    return role;
  };
}

/** The host's current state for its fleet, without what it knows about other hosts. */
export function describeHost(host: Host): HostDescription {
  const { counts, ...own } = verdictOf(host, "fleet");
  // A console that only watches the fleet has no members of its own.
  const isConsoleAlone = own.verdict === "starting" &&
    host.roles.every(({ name }) => name === "fleet");
  const { verdict, headline } = isConsoleAlone
    ? { verdict: "well", headline: "Watches the fleet" } as const
    : own;
  const members = judgedMembers(host, "fleet")
    .map(({ id, name, station, state, forMs }) => ({ id, name, station, state, forMs }))
    .sort((one, other) => CONDITIONS.indexOf(one.state) - CONDITIONS.indexOf(other.state));
  return { verdict, headline, counts, members };
}

/** Where other machines reach a console that listens at some URLs; null if they cannot. */
function urlForOthers(urls: readonly string[], machine: string): string | null {
  for (const text of urls) {
    const url = new URL(text);
    if (isLoopback(url.hostname.replaceAll(/[[\]]/g, ""))) continue;
    const isEverywhere = url.hostname === "0.0.0.0" || url.hostname === "[::]";
    if (!isEverywhere) return text;
    if (machine !== "") return `${url.protocol}//${machine}:${url.port}`;
  }
  return null;
}
