/**
 * `pulsebox help`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { COMMANDS, findCommand } from "../command_table.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";
import { commandHelp, generalHelp } from "../help.ts";
import { didYouMean } from "../suggest.ts";

/** Writes the help of a command, or of the whole program. */
export async function run(
  { positionals, terminal }: Invocation<Record<never, never>, undefined>,
): Promise<number> {
  const [name] = positionals;
  if (name === undefined) {
    await terminal.write(generalHelp(terminal.columns));
    return STATUS_DONE;
  }
  const found = findCommand(name);
  if (found === undefined) {
    const guess = didYouMean(name, COMMANDS.map((command) => command.name));
    await terminal.complain(`pulsebox: Unknown command "${name}"${guess}\n`);
    return STATUS_WRONG_USE;
  }
  await terminal.write(commandHelp(found, terminal.columns));
  return STATUS_DONE;
}
