/**
 * The real Node.js, where there is one.
 *
 * @module
 */

/** The executable of Node.js, or undefined; Deno under the name of `node` does not count. */
export function findNode(): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    if (folder === "") continue;
    const path = `${folder}/node`;
    try {
      const { success, stdout } = new Deno.Command(path, {
        args: ["-p", "typeof Deno + process.release.name"],
        stdin: "null",
        stderr: "null",
      }).outputSync();
      if (success && new TextDecoder().decode(stdout).trim() === "undefinednode") return path;
    } catch {
      // Not there, or not to be started.
    }
  }
  return undefined;
}
