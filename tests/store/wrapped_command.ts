/**
 * Commands that run in surroundings which a shell line makes first.
 *
 * @module
 */

/** A command, run by bash after a preparation; `$1` in the preparation is a directory. */
export interface Wrapping {
  /** What starts the bash. */
  wrapper: readonly string[];
  preparation: string;
}

/** Runs a command in such surroundings. */
export async function runWrapped(
  { wrapper, preparation }: Wrapping,
  directory: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<Deno.CommandOutput> {
  const [program = "bash", ...args] = argumentsOf(wrapper, preparation, directory, command);
  return await new Deno.Command(program, { args, signal }).output();
}

/** Whether this machine and this user can make such surroundings. */
export function canWrap({ wrapper, preparation }: Wrapping): boolean {
  const [program = "bash", ...args] = argumentsOf(wrapper, preparation, Deno.cwd(), ["true"]);
  try {
    return new Deno.Command(program, { args, stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function argumentsOf(
  wrapper: readonly string[],
  preparation: string,
  directory: string,
  command: readonly string[],
): string[] {
  const script = `${preparation} || exit 1; shift; exec "$@"`;
  return [...wrapper, "-c", script, "bash", directory, ...command];
}
