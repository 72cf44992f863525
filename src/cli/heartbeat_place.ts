/**
 * Where the heartbeat server is, in the same way for every tool.
 *
 * @module
 */

import { formatHost, parseHost, reachableHost } from "../wire/url/place.ts";
import type { SettingSet } from "./settings/setting_sets.ts";
import { readSwitch } from "../appliance/settings/switch_words.ts";
import type { Environment, SettingSource } from "./settings/settings.ts";

/** What a command line says itself; the port in digits. */
export interface HeartbeatFlags {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly tls?: boolean | undefined;
}

/** Where a server is. */
export interface HeartbeatPlace {
  readonly scheme: "http" | "https";
  /** As it was written, without brackets. */
  readonly host: string;
  /** As it was written. */
  readonly port: string;
}

/** What the host's own settings say, each as text, and whether they are of this command line. */
interface OwnSettings {
  readonly host: string;
  readonly port: string;
  readonly isTls: boolean;
  /** Those of a command line win over the variables for clients, others do not. */
  readonly given: ReadonlySet<"host" | "port">;
}

/**
 * The URL of the heartbeat server: a flag wins, then `HB_URL`, or else `HB_HOST` and `HB_PORT`, which are
 * meant for clients, then the settings of the server on this machine.
 */
export function heartbeatUrl(
  flags: HeartbeatFlags,
  settings: Pick<SettingSet<"heartbeat">, "heartbeatHost" | "heartbeatPort" | "heartbeatTls">,
  sources: ReadonlyMap<string, SettingSource>,
  environment: Environment,
): string {
  const own = ownOf(settings, sources);
  const isPlaced = flags.host !== undefined || flags.port !== undefined || own.given.size > 0;
  const url = flags.url ?? (isPlaced ? undefined : environment.get("HB_URL") || undefined);
  return url ?? urlOf(place(flags, own, environment));
}

/** As {@linkcode heartbeatUrl}, without `HB_URL`: in its parts. */
export function heartbeatPlace(
  flags: Omit<HeartbeatFlags, "url">,
  settings: Pick<SettingSet<"heartbeat">, "heartbeatHost" | "heartbeatPort" | "heartbeatTls">,
  sources: ReadonlyMap<string, SettingSource>,
  environment: Environment,
): HeartbeatPlace {
  return place(flags, ownOf(settings, sources), environment);
}

/**
 * As {@linkcode heartbeatUrl}, of the environment alone: for a program that has to start whatever the
 * settings say. Nothing is checked; a wrong URL fails the heartbeats.
 */
export function heartbeatUrlOfEnvironment(environment: Environment): string {
  const read = (name: string) => environment.get(`PULSEBOX_HEARTBEAT_${name}`) || undefined;
  const own = {
    host: reachable(read("HOST") ?? "127.0.0.1"),
    port: read("PORT") ?? "8888",
    isTls: readSwitch(read("TLS") ?? "") === true,
    given: new Set<"host" | "port">(),
  };
  return environment.get("HB_URL") || urlOf(place({}, own, environment));
}

function ownOf(
  { heartbeatHost, heartbeatPort, heartbeatTls }: Pick<
    SettingSet<"heartbeat">,
    "heartbeatHost" | "heartbeatPort" | "heartbeatTls"
  >,
  sources: ReadonlyMap<string, SettingSource>,
): OwnSettings {
  const isGiven = (key: string) => sources.get(key)?.kind === "flag";
  return {
    host: reachable(heartbeatHost),
    port: String(heartbeatPort),
    isTls: heartbeatTls,
    given: new Set([
      ...(isGiven("heartbeatHost") ? ["host" as const] : []),
      ...(isGiven("heartbeatPort") ? ["port" as const] : []),
    ]),
  };
}

function place(
  flags: Omit<HeartbeatFlags, "url">,
  own: OwnSettings,
  environment: Environment,
): HeartbeatPlace {
  const variable = (part: "host" | "port", name: string) =>
    own.given.has(part) ? undefined : environment.get(name) || undefined;
  return {
    scheme: flags.tls ?? own.isTls ? "https" : "http",
    host: flags.host ?? variable("host", "HB_HOST") ?? own.host,
    port: flags.port ?? variable("port", "HB_PORT") ?? own.port,
  };
}

function urlOf({ scheme, host, port }: HeartbeatPlace): string {
  return `${scheme}://${formatHost(host)}:${port}`;
}

function reachable(host: string): string {
  return reachableHost(parseHost(host) ?? host);
}
