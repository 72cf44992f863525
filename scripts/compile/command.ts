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

/**
 * Packs files of a folder, compressed. The same files give the same bytes: no names, no times.
 *
 * @param options The folder, what to take of it, and the file to write.
 */
export async function archive(
  { folder, members, path }: { folder: string; members: readonly string[]; path: string },
): Promise<void> {
  await run("tar", [
    "--create",
    "--sort=name",
    "--mtime=@0",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=go-w",
    "--use-compress-program=gzip -n -9",
    `--file=${path}`,
    `--directory=${folder}`,
    ...members,
  ]);
}
