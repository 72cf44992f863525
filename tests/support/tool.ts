/**
 * Programs of the system.
 *
 * @module
 */

/** Whether a program can be started by its name. */
export function isInstalled(name: string): boolean {
  try {
    const { success } = new Deno.Command(name, {
      args: ["--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    // Not there, or not to be started.
    return false;
  }
}
