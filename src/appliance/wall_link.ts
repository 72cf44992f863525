/**
 * The link that logs a wall screen in.
 *
 * @module
 */

import { machineName } from "../store/host_names.ts";
import { hostAndPort, reachableHost } from "../wire/url/place.ts";

/** The settings that say where a console listens. */
export interface ConsoleAddress {
  readonly consoleHost: string;
  readonly consolePort: number;
  readonly tlsCert?: string | undefined;
}

/** The console's URL for a screen: with this machine's name if it listens everywhere. */
export function consolePlace({ consoleHost, consolePort, tlsCert }: ConsoleAddress): string {
  const isEverywhere = consoleHost === "0.0.0.0" || consoleHost === "::";
  const machine = isEverywhere ? machineName() : consoleHost;
  const hostname = machine === "" ? reachableHost(consoleHost) : machine;
  const scheme = tlsCert === undefined ? "http" : "https";
  return `${scheme}://${hostAndPort({ hostname, port: consolePort })}`;
}

/** The link; its token is in the fragment, which browsers never send. */
export function wallLink(token: string, consoleUrl: string): string {
  return `${consoleUrl.replace(/\/$/, "")}/login?view=wall#token=${token}`;
}

/** Whether no other machine can reach an address. */
export function isForThisMachine(url: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(url);
}
