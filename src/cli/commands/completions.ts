/**
 * `pulsebox completions`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { CommandFace } from "../command_face.ts";
import { SHELLS } from "./flags.ts";
import { completedCommands } from "../completions/model.ts";
import { bashCompletion } from "../completions/bash.ts";
import { fishCompletion } from "../completions/fish.ts";
import { zshCompletion } from "../completions/zsh.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";
import { didYouMean } from "../suggest.ts";

const WRITERS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** The script of a shell. */
export function completionScript(
  shell: keyof typeof WRITERS,
  commands: readonly CommandFace[],
): string {
  return WRITERS[shell](completedCommands(commands));
}

/** Writes the script of a shell. */
export async function run(
  { positionals, terminal, commands }: Invocation<Record<never, never>, undefined>,
): Promise<number> {
  const [typed = ""] = positionals;
  const shell = SHELLS.find((name) => name === typed);
  if (shell === undefined) {
    const guess = didYouMean(typed, SHELLS);
    await terminal.complain(
      `pulsebox: Unknown shell "${typed}"${guess || `: must be one of ${SHELLS.join(", ")}`}\n`,
    );
    return STATUS_WRONG_USE;
  }
  await terminal.write(completionScript(shell, commands));
  return STATUS_DONE;
}
