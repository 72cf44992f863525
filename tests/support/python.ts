/**
 * Debian's Python, with the modules of its packages; another one in the path would not know them.
 *
 * @module
 */

/** Where Debian puts it. */
export const PYTHON = "/usr/bin/python3";

/** Whether Debian's Python is there and knows a module. */
export function hasPythonModule(name: string): boolean {
  try {
    const args = ["-c", `import ${name}`];
    return new Deno.Command(PYTHON, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}
