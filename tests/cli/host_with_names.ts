/**
 * The program with every role, each port on a host of the test's choice.
 *
 * @module
 */

import { OPTION_KEYS, type OptionKey, optionOf } from "../../src/appliance/settings/options.ts";
import { PulseboxProcess } from "./pulsebox_process.ts";

/** Every setting of a port, as the table of options has it. */
export const PORT_KEYS: readonly OptionKey[] = OPTION_KEYS.filter((key) =>
  optionOf(key).listens !== undefined
);

/** Starts every role on a host, each on a port that the system picks. */
export function startOn(hostname: string, args: readonly string[] = []): PulseboxProcess {
  const hosts = new Set(PORT_KEYS.map((key) => optionOf(key).listens?.host as OptionKey));
  return new PulseboxProcess([
    "--all",
    "--hev-source=dump",
    ...[...hosts].map((key) => `--${optionOf(key).flag}=${hostname}`),
    ...PORT_KEYS.map((key) => `--${optionOf(key).flag}=0`),
    ...args,
  ]);
}

/** Waits until a role has told `count` addresses. */
export async function addressesOf(
  host: PulseboxProcess,
  role: string,
  count: number,
): Promise<string[]> {
  const lines = new RegExp(`(?:Listening on \\S+ role=${role}[^]*?){${count}}`);
  const [text] = await host.stderrHas(lines);
  const all = text.matchAll(new RegExp(`Listening on (\\S+) role=${role}`, "g"));
  return [...all].map(([, url]) => url ?? "");
}
