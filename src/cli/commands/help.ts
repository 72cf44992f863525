/**
 * `pulsebox help`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";
import { commandHelp, generalHelp, roleHelp } from "../help.ts";
import { roleKeys } from "../../appliance/settings/options.ts";
import { didYouMean } from "../suggest.ts";

/** Writes the help of a command, or of the whole program. */
export async function run(
  { positionals, terminal, commands }: Invocation<Record<never, never>, undefined>,
): Promise<number> {
  const [name] = positionals;
  if (name === undefined) {
    await terminal.write(generalHelp(terminal.columns, commands));
    return STATUS_DONE;
  }
  const found = commands.find((command) => command.name === name);
  const role = roleHelp(name, terminal.columns);
  if (found === undefined && role !== undefined) {
    await terminal.write(role);
    return STATUS_DONE;
  }
  if (found === undefined) {
    const topics = [...commands.map((command) => command.name), ...roleKeys()];
    const guess = didYouMean(name, topics);
    await terminal.complain(`pulsebox: Unknown command "${name}"${guess}\n`);
    return STATUS_WRONG_USE;
  }
  await terminal.write(commandHelp(found, terminal.columns, commands));
  return STATUS_DONE;
}
