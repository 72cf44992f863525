/**
 * Programs that building needs.
 *
 * @module
 */

/**
 * Runs a program to its end and gives what it wrote.
 *
 * @throws {Error} if it fails; the message holds the last of what it said.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    ...options,
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    const said = decoder.decode(stderr).trim();
    throw new Error(`Cannot build: ${program} ${args[0]} failed: ${said}`);
  }
  return decoder.decode(stdout);
}
