/**
 * A warning about ports that other machines can reach without a password.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { isLoopback } from "../net/address.ts";
import { formatHost, parsePlace } from "../wire/url/place.ts";

/** An address on which a role or the console listens. */
export interface ExposedAddress {
  /** The role, or `console`. */
  readonly role: string;
  /** Such as `tcp://0.0.0.0:8765`. */
  readonly url: string;
}

/** The settings that restrict who can use a port. */
export interface ExposureSettings {
  readonly allow: readonly unknown[];
  readonly triggerAllow: readonly unknown[];
  readonly tokenFile?: string | undefined;
}

/**
 * Warns once for each role that listens beyond loopback and accepts everybody, and names the
 * options that restrict it.
 *
 * @param addresses Every address that the host listens on, with the ports that were picked.
 */
export function warnOfExposure(
  addresses: readonly ExposedAddress[],
  settings: ExposureSettings,
  log: Logger,
): void {
  for (const role of new Set(addresses.map((address) => address.role))) {
    if (isRestricted(role, settings)) continue;
    const open = addresses.filter((address) => address.role === role)
      .map(({ url }) => parsePlace(url))
      .filter((place) => typeof place !== "string")
      .filter(({ hostname }) => !isLoopback(hostname));
    if (open.length === 0) continue;
    const ports = [...new Set(open.map(({ port }) => String(port)))];
    const hosts = [...new Set(open.map(({ hostname }) => formatHost(hostname)))];
    log.warning("{ports} {verb} open on {where}; restrict with {options}", {
      ports: `${open[0]?.scheme === "udp" ? "UDP" : "TCP"} ${listed(ports)}`,
      verb: ports.length === 1 ? "is" : "are",
      where: hosts.some(isUnspecified) ? "every interface" : listed(hosts),
      options: optionsOf(role),
    });
  }
}

function isRestricted(role: string, settings: ExposureSettings): boolean {
  if (role === "trigger") return settings.triggerAllow.length > 0;
  if (role === "console" && settings.tokenFile !== undefined) return true;
  return settings.allow.length > 0;
}

/** The options that restrict who can reach a role. */
function optionsOf(role: string): string {
  if (role === "trigger") return "--trigger-host or --trigger-allow";
  if (role === "console") return "--console-host, --token-file or --allow";
  return `--${role}-host or --allow`;
}

function isUnspecified(hostname: string): boolean {
  return hostname === "0.0.0.0" || hostname === "[::]";
}

/** `a`, `a and b`, `a, b and c`. */
function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join();
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
