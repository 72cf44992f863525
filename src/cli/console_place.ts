/**
 * Where the console of a running host is.
 *
 * @module
 */

import { ConsoleClient } from "../clients/console.ts";
import type { SettingSet } from "./setting_sets.ts";

/** The console that options and settings name. */
export function consoleClientOf(
  url: string | undefined,
  { consoleHost, consolePort }: SettingSet<"console">,
): ConsoleClient {
  if (url !== undefined) return new ConsoleClient(url);
  return new ConsoleClient(`http://${reachable(consoleHost)}:${consolePort}`);
}

/** Where a host that listens on an address is reached from itself. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
