/**
 * Parses the place of a game server on a command line.
 *
 * @module
 */

import { basePath, hostAndPort, parsePlace, reachableHost } from "../wire/url/place.ts";
import type { SettingSet } from "./settings/setting_sets.ts";

/** The port of a game server, and those of URLs. */
const PORT_DEFAULT = 6969;
const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([["http", 80], ["https", 443]]);

/**
 * Makes the URL of `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`, `http://HOST:PORT/PATH` or `https://HOST:PORT/PATH`.
 *
 * @return `undefined` if the text is none of them.
 */
export function parseGamePlace(text: string): string | undefined {
  const place = parsePlace(text);
  if (typeof place === "string") return undefined;
  const base = basePath(place.target);
  const { scheme = "http", hostname } = place;
  const schemePort = SCHEME_PORTS.get(scheme);
  if (base === undefined || schemePort === undefined || place.port === 0) return undefined;
  const port = place.port ?? (place.scheme === undefined ? PORT_DEFAULT : schemePort);
  return `${scheme}://${hostAndPort({ hostname, port })}${base}`;
}

/** The URL of the game server on this machine, as its settings say. */
export function ownGameUrl(
  { stateHost, statePort, stateTls }: Pick<
    SettingSet<"state">,
    "stateHost" | "statePort" | "stateTls"
  >,
): string {
  const place = hostAndPort({ hostname: reachableHost(stateHost), port: statePort });
  return `${stateTls ? "https" : "http"}://${place}`;
}
