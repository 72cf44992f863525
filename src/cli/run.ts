/**
 * From arguments to a command to an exit status.
 *
 * @module
 */

import type { Command, Surroundings } from "./command.ts";
import { COMMANDS, findCommand } from "./command_table.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "./exit_status.ts";
import { faultText } from "./fault_text.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Runs the command that the arguments name, or the roles that they turn on. Never throws.
 *
 * @return The exit status.
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  try {
    const status = await start(args, surroundings);
    // A failed command has already reported its failure, including a failure to write its output.
    await terminal.written().catch((error) => {
      if (status === STATUS_DONE) throw error;
    });
    return status;
  } catch (error) {
    await terminal.complain(`pulsebox: ${faultText(error)}\n`);
    // What a callback wrote before is waited for too; the status says already that something failed.
    await terminal.written().catch(() => {});
    return STATUS_FAILED;
  }
}

async function start(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const [first, ...others] = args;
  if (first === undefined || (first.startsWith("-") && !["-V", "--version"].includes(first))) {
    return await commandNamed("serve").start(args, surroundings, COMMANDS);
  }
  const name = first.startsWith("-") ? "version" : first;
  const found = findCommand(name);
  if (found !== undefined) return await found.start(others, surroundings, COMMANDS);
  // A role without its dashes is the most likely mistake.
  const { optionOf, roleKeys } = await import("../appliance/settings/options.ts");
  const names = [
    ...roleKeys().map((key) => `--${optionOf(key).flag}`),
    ...COMMANDS.map((command) => command.name),
  ];
  await surroundings.terminal.complain(
    `pulsebox: Unknown command "${name}"${didYouMean(name, names)}\nTry: pulsebox help\n`,
  );
  return STATUS_WRONG_USE;
}

function commandNamed(name: string): Command {
  const found = findCommand(name);
  if (found === undefined) throw new Error(`Cannot find command "${name}"`);
  return found;
}
