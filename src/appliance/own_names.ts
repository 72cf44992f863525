/**
 * The host names under which pages may reach this host.
 *
 * @module
 */

import { ownHostNames } from "../store/host_names.ts";
import type { ConsoleSettings } from "./settings.ts";

/** The machine's names, and those that the operator has set; in lower case. */
export function ownNames(
  { consoleHost, consoleName }: Pick<ConsoleSettings, "consoleHost" | "consoleName">,
): ReadonlySet<string> {
  const names = ownHostNames();
  for (const name of [consoleHost, ...consoleName]) names.add(name.toLowerCase());
  return names;
}
